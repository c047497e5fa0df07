package io.dflockd.chaos.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HistoryFileTest {

    private static final String HEADER =
            "{\"history\":\"dflockd\",\"version\":1,\"mode\":\"fake\",\"serverTruth\":true,\"seed\":7,\"settings\":{}}\n";
    private static final String OPEN = "{\"seq\":1,\"time\":5,\"type\":\"OPEN\",\"actor\":\"c1\",\"conn\":1}\n";
    private static final String END = "{\"end\":true,\"events\":1}\n";

    private static List<Event> read(String text) throws IOException {
        List<Event> events = new ArrayList<>();
        try (HistoryReader reader = new HistoryReader("h", new ByteArrayInputStream(text.getBytes(UTF_8)))) {
            reader.forEach(events::add);
        }
        return events;
    }

    @Test
    void what_was_written_is_read_again() throws IOException {
        List<Event> events = new ArrayList<>();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        HistoryHeader header = new HistoryHeader("fake", true, -42, Map.of("clients", "8", "keys", "3"));
        try (HistoryWriter writer = new HistoryWriter(out, header)) {
            Recorder recorder = new Recorder(() -> 123, event -> {
                events.add(event);
                writer.accept(event);
            });
            recorder.add(Draft.of(EventType.GRANT, "server")
                    .conn(3)
                    .op(4)
                    .key("k\u00e9y \" \\ \u2028")
                    .token("abc")
                    .limit(2)
                    .deadline(Long.MAX_VALUE)
                    .value(9));
            recorder.add(Draft.of(EventType.FAULT, "nemesis").text("latency").time(-5));
        }

        try (HistoryReader reader = new HistoryReader("h", new ByteArrayInputStream(out.toByteArray()))) {
            assertThat(reader.header()).isEqualTo(header);
            List<Event> again = new ArrayList<>();
            reader.forEach(again::add);
            assertThat(again).isEqualTo(events).hasSize(2);
        }
        assertThat(out.toString(UTF_8).lines()).as("a line each").hasSize(4);
    }

    @Test
    void a_whole_history_is_accepted() throws IOException {
        assertThat(read(HEADER + OPEN + END)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"seq\":1|\"seq\":2|line 2: seq 2 after 0",
                "\"OPEN\"|\"OPENED\"|line 2: unknown type 'OPENED'",
                ",\"conn\":1}|}|line 2: OPEN has no 'conn'",
                "\"time\":5,||line 2: OPEN has no 'time'",
                "\"time\":5|\"time\":5.5|line 2: 'time' is not a whole number",
                "\"c1\"|17|line 2: 'actor' is not a string",
                "\"conn\":1|\"colour\":1|line 2: unknown field 'colour'",
                "\"version\":1|\"version\":2|line 1: version 2 of the format",
                "\"version\":1,||line 1: the version is missing",
                "\"history\"|\"hystery\"|line 1: not a history",
                "\"events\":1|\"events\":2|line 3: the end line counts 2 events, but there are 1",
                "\"conn\":1}|\"conn\":1|line 3: not JSON",
                "\"conn\":1}|\"conn\":1,\"conn\":2}|line 2: not JSON as a history has it: Duplicate field 'conn'",
                "\"seed\":7|\"seed\":7,\"seed\":8|line 1: not JSON as a history has it: Duplicate field 'seed'",
            })
    void whatever_is_odd_is_refused_with_file_and_line(String was, String is, String message) {
        String text = (HEADER + OPEN + END).replace(was, is == null ? "" : is);
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(HistoryException.class)
                .hasMessageStartingWith("h, ")
                .hasMessageContaining(message)
                .message()
                .doesNotContain("\n");
    }

    private static String exchanges(String... events) {
        StringBuilder text = new StringBuilder(HEADER);
        int seq = 0;
        for (String event : events) {
            text.append("{\"seq\":" + ++seq + ",\"actor\":\"c1\",\"text\":\"l 1 1\"," + event + "}\n");
        }
        return text.append("{\"end\":true,\"events\":" + seq + "}\n").toString();
    }

    private static String event(String type, long time, int conn, int op) {
        return "\"time\":" + time + ",\"conn\":" + conn + ",\"type\":\"" + type + "\""
                + (op == 0 ? "" : ",\"op\":" + op);
    }

    @Test
    void replies_answer_in_order_or_come_unasked_and_may_be_read_while_the_connection_is_closed() throws IOException {
        assertThat(read(exchanges(
                        event("SEND", 1, 1, 1),
                        event("SEND", 2, 1, 2),
                        event("RECEIVE", 3, 1, 1),
                        event("CLOSE", 4, 1, 0),
                        event("RECEIVE", 5, 1, 2),
                        event("RECEIVE", 5, 2, 0))))
                .hasSize(6);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1|0|RECEIVE with no 'op', but connection 1 waits for that of op 7",
                "1|8|RECEIVE with op 8, but connection 1 waits for that of op 7",
                "2|7|RECEIVE with op 7, but connection 2 waits for no reply",
            })
    void a_reply_to_nothing_is_refused(int conn, int op, String message) {
        String text = exchanges(event("SEND", 1, 1, 7), event("RECEIVE", 2, conn, op));
        assertThatThrownBy(() -> read(text)).hasMessageContaining("h, line 3: " + message);
    }

    @Test
    void a_request_without_a_number_is_refused() {
        assertThatThrownBy(() -> read(exchanges(event("SEND", 1, 1, 0)))).hasMessageContaining("SEND has no 'op'");
    }

    @Test
    void time_goes_back_for_the_server_only() throws IOException {
        assertThat(read(exchanges(event("OPEN", 5, 1, 0), event("CONNECT", 4, 1, 0), event("OPEN", 5, 2, 0))))
                .hasSize(3);
        assertThatThrownBy(() -> read(exchanges(event("OPEN", 5, 1, 0), event("FAULT", 4, 1, 0))))
                .hasMessageContaining("line 3: FAULT at 4 comes after an event at 5");
    }

    @Test
    void a_truncated_history_is_refused_wherever_it_was_cut() {
        String whole = HEADER + OPEN + END;
        for (int length = 0; length < whole.length() - 1; length++) {
            String cut = whole.substring(0, length);
            assertThatThrownBy(() -> read(cut)).isInstanceOf(HistoryException.class);
        }
    }

    @Test
    void something_after_the_end_is_refused() {
        assertThatThrownBy(() -> read(HEADER + OPEN + END + OPEN)).hasMessageContaining("something follows");
    }

    @Test
    void a_file_that_is_not_there_and_a_folder_are_refused(@TempDir Path folder) {
        assertThatThrownBy(() -> HistoryReader.open(folder.resolve("no.jsonl")))
                .hasMessageContaining("there is no such file");
        assertThatThrownBy(() -> HistoryReader.open(folder).next()).isInstanceOf(HistoryException.class);
    }

    @Test
    void a_full_disk_is_told_at_the_end() throws IOException {
        HistoryWriter writer = new HistoryWriter(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("no space left");
                    }
                },
                new HistoryHeader("fake", false, 1, Map.of()));
        Recorder recorder = new Recorder(() -> 0, writer);
        for (int i = 0; i < 100_000; i++) {
            recorder.add(Draft.of(EventType.OPEN, "c1").conn(1));
        }
        assertThatThrownBy(writer::close).hasMessageContaining("no space left");
    }
}
