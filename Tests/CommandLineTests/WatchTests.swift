import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// `equipoise watch`, on shell scripts that print like a training.
@Suite struct WatchTests {
    /// A script that prints a DCGAN's losses; in the second half of its rows the discriminator wins, if it fails.
    private func script(
        _ program: Program, rows: Int, fails: Bool, then end: String = "", before: String = ""
    ) throws -> String {
        let text = """
            \(before)
            awk 'BEGIN {
                srand(1)
                for (i = 0; i < \(rows); i++) {
                    lost = \(fails ? 1 : 0) && i > \(rows) / 2
                    d = lost ? 0.00001 * (1 + rand()) : 1.25 + 0.1 * rand()
                    g = lost ? 14 + rand() : 0.85 + 0.1 * rand()
                    printf "[%d/%d][%d/100] Loss_D: %.5f Loss_G: %.4f\\n", i / 100, \(rows / 100), i % 100, d, g
                }
            }'
            \(end)
            """
        try Data(text.utf8).write(to: program.url.appending(path: "train.sh"))
        return "train.sh"
    }

    @Test func theOutputPassesThroughAndTheVerdictComesAtTheEnd() throws {
        let program = try Program()
        let script = try script(program, rows: 1500, fails: true, then: "echo done; echo problem >&2; exit 7")
        let direct = try program.run([script], executable: URL(filePath: "/bin/sh"))
        let watched = try program.run("watch", "--", "sh", script)
        #expect(watched.output == direct.output)
        #expect(watched.code == 7)
        #expect(watched.errors.hasPrefix("problem\n") || watched.errors.contains("\nproblem\n"))
        #expect(watched.errors.contains("equipoise: FAILED: convergence failure."))
        #expect(watched.errors.contains("equipoise diagnose \(try program.runFolder().lastPathComponent)"))
        let shown = try program.run("show", "latest")
        #expect(shown.output.contains("stopped") && shown.output.contains("sh train.sh"))
        #expect(try program.run("diagnose", "latest").code == 3)
        #expect(try program.run("watch", "--fail-on-failure", "--", "sh", script).code == 3)
    }

    @Test func aSoundTrainingEndsWithItsOwnCode() throws {
        let program = try Program()
        let watched = try program.run("watch", "--", "sh", script(program, rows: 1500, fails: false))
        #expect(watched.code == 0)
        #expect(watched.errors.contains("equipoise: HEALTHY"))
        #expect(!watched.errors.contains("sign of"))
    }

    @Test func commandsThatAreNoTrainings() throws {
        let program = try Program()
        let missing = try program.run("watch", "--", "no-such-program")
        #expect(missing.code == 1 && missing.errors.contains("“no-such-program” could not be started"))
        let silent = try program.run("watch", "--", "true")
        #expect(silent.code == 0 && silent.errors.contains("true contains no losses of a GAN"))
        let killed = try program.run("watch", "--", "sh", "-c", "kill -9 $$")
        #expect(killed.code == 128 + 9)
        // Bytes that are no text pass through as they are.
        let binary = try program.run("watch", "--", "head", "-c", "300000", "/dev/zero")
        #expect(binary.code == 0 && binary.output.utf8.count == 300_000)
        #expect(!FileManager.default.fileExists(atPath: program.url.appending(path: "runs").path))
    }

    /// The log is a file that the command writes; what it prints has no losses.
    @Test func logFilesOfTheCommandAreFound() throws {
        let program = try Program()
        try Data("epoch,d_loss,g_loss\n1,9,9\n".utf8).write(to: program.url.appending(path: "old.csv"))
        let script = try script(program, rows: 600, fails: true)
        let watched = try program.run(
            "watch", "--", "sh", "-c", "sleep 1; mkdir -p logs/a; sh \(script) > logs/a/train.log; sleep 2; echo end")
        #expect(watched.output == "end\n")
        #expect(watched.errors.contains("equipoise: FAILED"), "\(watched.errors)")
        #expect(try program.run("show", "latest").output.contains("steps       599"))
    }

    @Test func onAnAlarmTheCommandEnds() throws {
        let program = try Program()
        let script = try script(program, rows: 3000, fails: true, then: "exec sleep 60")
        let start = Date()
        let watched = try program.run(
            "watch", "--on-failure", "stop", "--notify", "echo $EQUIPOISE_RUN > alarm.txt", "--", "sh", script)
        #expect(-start.timeIntervalSinceNow < 50)
        #expect(watched.code == 128 + 15)
        #expect(watched.errors.contains("equipoise: the training has failed: convergence failure."))
        let noted = try String(contentsOf: program.url.appending(path: "alarm.txt"), encoding: .utf8)
        #expect(noted.contains(try program.runFolder().lastPathComponent))
    }

    /// In a terminal, the command sees a terminal of the same size, and Ctrl-C reaches it.
    @Test func aTerminalStaysATerminal() throws {
        let program = try Program()
        let check = "test -t 0 && test -t 1 && test -t 2 && stty size"
        let command = "stty rows 33 cols 77; \(program.executable.path) watch -- sh -c '\(check); exit 5'; echo code=$?"
        let seen = try program.run(["-qec", command, "/dev/null"], executable: URL(filePath: "/usr/bin/script"))
        #expect(seen.output.contains("33 77"), "\(seen.output)\(seen.errors)")
        #expect(seen.output.contains("code=5"), "\(seen.output)\(seen.errors)")
    }

    @Test func ctrlCReachesTheCommand() throws {
        let program = try Program()
        let script = try script(
            program, rows: 300, fails: false, then: "for i in $(seq 300); do sleep 0.1; done",
            before: "trap 'echo caught; exit 4' INT")
        let (process, output, errors) = try program.start(["watch", "--", "sh", script])
        let text = Reading(errors)
        let id = process.processIdentifier
        // Once there is a run, the command has printed its losses.
        for _ in 0..<200 where (try? program.runFolder()) == nil { Thread.sleep(forTimeInterval: 0.1) }
        // The keyboard sends the signal to the whole group; here both are asked by themselves.
        let children = try String(contentsOfFile: "/proc/\(id)/task/\(id)/children", encoding: .utf8)
        kill(process.processIdentifier, SIGINT)
        for child in children.split(separator: " ").compactMap({ Int32($0) }) { kill(child, SIGINT) }
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(said.contains("caught"))
        #expect(process.terminationStatus == 4, "\(String(decoding: text.wait(), as: UTF8.self))")
    }

    /// A file that another program writes: the part from before, the part from afterwards, a rotation, a late file.
    @Test func filesAreFollowed() throws {
        let program = try Program()
        let log = program.url.appending(path: "train.log")
        func rows(_ range: Range<Int>) -> Data {
            Data(range.map { "step \($0) D_loss: 1.2\($0 % 10) G_loss: 0.8\($0 % 7)\n" }.joined().utf8)
        }
        try rows(0..<300).write(to: log)
        let (process, _, errors) = try program.start(["watch", "train.log"])
        let text = Reading(errors)
        Thread.sleep(forTimeInterval: 1.5)
        let handle = try FileHandle(forWritingTo: log)
        try handle.seekToEnd()
        try handle.write(contentsOf: rows(300..<500))
        Thread.sleep(forTimeInterval: 1)
        // A rotated log goes on in a new file.
        try FileManager.default.moveItem(at: log, to: program.url.appending(path: "train.log.1"))
        try handle.write(contentsOf: rows(500..<600))
        try rows(600..<700).write(to: log)
        Thread.sleep(forTimeInterval: 1.5)
        kill(process.processIdentifier, SIGINT)
        process.waitUntilExit()
        let said = String(decoding: text.wait(), as: UTF8.self)
        #expect(process.terminationStatus == 0 && said.contains("equipoise: HEALTHY"), "\(said)")
        #expect(try program.run("show", "latest").output.contains("steps       699"))
    }
}
