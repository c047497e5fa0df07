package io.dflockd.chaos.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ChaosCommandTest {

    @TempDir
    private Path folder;

    /** What a user sees: the exit status and both streams. */
    record Seen(int status, List<String> out, List<String> err) {
        String lastLine() {
            return out.get(out.size() - 1);
        }
    }

    static Seen chaos(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = ChaosCommand.execute(new PrintWriter(out), new PrintWriter(err), args);
        return new Seen(
                status, out.toString().lines().toList(), err.toString().lines().toList());
    }

    private Seen run(String... args) {
        String[] all = new String[args.length + 3];
        all[0] = "run";
        all[1] = "--report";
        all[2] = folder.toString();
        System.arraycopy(args, 0, all, 3, args.length);
        return chaos(all);
    }

    private static void assertCouldNotRun(Seen seen, String why) {
        assertThat(seen.status()).isEqualTo(2);
        assertThat(seen.lastLine()).startsWith("COULD NOT RUN: ").contains(why);
        assertThat(seen.lastLine()).doesNotContain("Exception");
        assertThat(seen.err()).as("told once").noneMatch(line -> line.contains(why));
    }

    @Test
    void a_short_run_under_all_faults_is_valid_and_its_history_can_be_judged_again() {
        Seen seen = run("--duration", "2s", "--seed", "7");
        assertThat(seen.lastLine()).startsWith("VALID");
        assertThat(seen.status()).isZero();
        assertThat(seen.out().get(0)).contains("seed 7");
        assertThat(seen.out()).allSatisfy(line -> assertThat(line.length())
                .isLessThanOrEqualTo(80 + folder.toString().length()));

        Seen again = chaos("check", folder.resolve("history.jsonl").toString());
        assertThat(again.lastLine()).isEqualTo(seen.lastLine());
        assertThat(again.status()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"protocol", "client"})
    void each_level_runs_alone(String level) {
        Seen seen = run("--duration", "1s", "--level", level, "--faults", "none", "--clients", "4");
        assertThat(seen.lastLine()).startsWith("VALID");
        assertThat(seen.status()).isZero();
    }

    @Test
    void strict_makes_a_property_that_was_not_reached_a_failure() {
        Seen seen = run("--duration", "300ms", "--clients", "1", "--faults", "none", "--strict");
        assertThat(seen.lastLine()).startsWith("VALID (not reached: ");
        assertThat(seen.status()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--seed abc|'abc' is not a number",
                "--duration 10|'10' is not a duration",
                "--duration -5s|'-5s' is not a duration",
                "--duration 0s|--duration must be",
                "--lease 5s..1s|the shortest first",
                "--lease 500ms|not whole seconds",
                "--lease 0s|at least 1 s",
                "--clients 0|--clients must be from 1",
                "--keys many|--keys",
                "--server localhost:port|'port' is not a port",
                "--server ,|--server ',' has an empty address",
                "--server localhost:1,|--server 'localhost:1,' has an empty address",
                "--server ::1:6388|put an IPv6 address in brackets",
                "--faults latency,gremlins|unknown fault 'gremlins'; known are none, default, latency, close, reset, expire",
                "--faults latency --server localhost:1|needs the embedded fake server",
                "--level middle|unknown level 'middle'",
                "--secret-file x|--secret-file is about a server of yours",
                "--tls-ca x|--tls-ca is about a server of yours",
                "--colour red|--colour",
            })
    void bad_input_is_told_in_one_line(String args, String why) {
        assertCouldNotRun(run(args.split(" ")), why);
    }

    @Test
    void nobody_listening_is_told_at_once_and_leaves_a_history() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Seen seen = run("--server", "127.0.0.1:" + port);
        assertCouldNotRun(seen, "127.0.0.1:" + port);
        assertThat(Files.readString(folder.resolve("history.jsonl"), UTF_8)).contains("\"end\":true");
    }

    @Test
    void a_server_that_never_answers_is_told_before_long() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            assertCouldNotRun(run("--server", "127.0.0.1:" + silent.getLocalPort()), "no dflockd answers");
        }
    }

    @Test
    void a_report_folder_that_cannot_be_made_is_told() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertCouldNotRun(
                chaos("run", "--report", file.toString()),
                "cannot create the folder " + file + ": a file of that name is in the way");
        Path below = file.resolve("below");
        assertCouldNotRun(
                chaos("run", "--report", below.toString()), "cannot create the folder " + below + ": not a directory");
    }

    @Test
    void a_history_of_another_run_is_not_overwritten() throws IOException {
        Path history = Files.writeString(folder.resolve("history.jsonl"), "precious");
        assertCouldNotRun(run("--duration", "300ms"), history + " is there already");
        assertThat(history).hasContent("precious");
    }

    @Test
    void where_to_read_more_goes_to_the_errors_if_the_words_of_the_command_were_wrong() {
        assertThat(run("--colour", "red").err()).containsExactly("see ./chaos run --help");
        assertThat(run("--clients", "0").err()).isEmpty();
    }

    @Test
    void check_refuses_what_is_no_history() throws IOException {
        Path file = folder.resolve("h.jsonl");
        assertCouldNotRun(chaos("check", file.toString()), "there is no such file");
        assertCouldNotRun(chaos("check", folder.toString()), folder + ": cannot be read: is a directory");
        Files.writeString(file, "hello\n");
        assertCouldNotRun(chaos("check", file.toString()), "line 1");
        assertCouldNotRun(chaos("check", "--property", "P4,P99", file.toString()), "unknown property 'P99'");
        assertCouldNotRun(chaos("check", "--property", ",", file.toString()), "unknown property ''");
        assertCouldNotRun(chaos("check"), "FILE");
    }

    @Test
    void check_tells_a_violation_with_its_evidence() throws IOException {
        Path file = folder.resolve("h.jsonl");
        Files.writeString(file, """
                {"history":"dflockd","version":1,"mode":"fake","serverTruth":true,"seed":1,"settings":{}}
                {"seq":1,"time":0,"type":"GRANT","actor":"server","conn":1,"key":"k","token":"A","limit":1,"deadline":5000,"value":1}
                {"seq":2,"time":1,"type":"GRANT","actor":"server","conn":2,"key":"k","token":"B","limit":1,"deadline":5000,"value":2}
                {"end":true,"events":2}
                """);
        Seen seen = chaos("check", file.toString());
        assertThat(seen.status()).isEqualTo(1);
        assertThat(seen.lastLine()).isEqualTo("INVALID P1 key 'k' has 2 live holders, its limit is 1");
        assertThat(seen.out()).filteredOn(line -> line.contains("GRANT")).hasSize(2);

        assertThat(chaos("check", "--property", "P2", file.toString()).lastLine())
                .isEqualTo("VALID (not reached: P2)");
    }

    @Test
    void serve_refuses_unknown_flags_and_ports_that_are_taken() throws IOException {
        assertCouldNotRun(chaos("serve", "--colour", "red"), "unknown flag --colour");
        assertCouldNotRun(chaos("serve", "-port"), "--port needs a value");
        assertCouldNotRun(chaos("serve", "-host"), "--host needs a value");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertCouldNotRun(chaos("serve", "--port", "" + taken.getLocalPort()), "cannot listen on");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--help, Commands:",
        "run --help, --duration",
        "serve --help, --read-timeout",
        "serve -help, --read-timeout",
        "check --help, FILE"
    })
    void help_is_everywhere_and_fits_the_terminal(String args, String part) {
        Seen seen = chaos(args.split(" "));
        assertThat(seen.status()).isZero();
        assertThat(String.join("\n", seen.out())).contains(part);
        assertThat(seen.out()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    }

    @Test
    void no_command_and_an_unknown_one_are_told() {
        assertCouldNotRun(chaos(), "no command given");
        assertCouldNotRun(chaos("dance"), "dance");
    }
}
