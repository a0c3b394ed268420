import ArgumentParser
import Foundation
import Testing

@testable import equipoise

/// The help of every command, compared with a file of it. After a change that is meant, run the tests once with
/// `EQUIPOISE_UPDATE_SNAPSHOTS=1`, and read the difference.
@Suite struct HelpTests {
    /// A command with the words that call it.
    struct Named: Sendable, CustomTestStringConvertible {
        let words: [String]
        let command: any ParsableCommand.Type
        var testDescription: String { words.joined(separator: " ") }
    }

    /// All commands and their subcommands, found by the parser's own tree.
    static let all: [Named] = commands(of: Named(words: ["equipoise"], command: Equipoise.self))

    private static func commands(of named: Named) -> [Named] {
        [named]
            + named.command.configuration.subcommands.flatMap { command in
                commands(of: Named(words: named.words + [command._commandName], command: command))
            }
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Help")

    private static func file(_ named: Named) -> URL {
        folder.appending(path: named.words.joined(separator: "-") + ".txt")
    }

    @Test(arguments: all)
    func theHelpIsAsInItsFile(_ named: Named) throws {
        let help = Equipoise.helpMessage(for: named.command, columns: 100) + "\n"
        let file = HelpTests.file(named)
        if ProcessInfo.processInfo.environment["EQUIPOISE_UPDATE_SNAPSHOTS"] != nil {
            try FileManager.default.createDirectory(at: HelpTests.folder, withIntermediateDirectories: true)
            try Data(help.utf8).write(to: file)
        }
        let expected = try String(contentsOf: file, encoding: .utf8)
        #expect(help == expected)
    }

    @Test(arguments: all.filter { $0.words.count == 2 })
    func theHelpShowsAnExample(_ named: Named) {
        let help = Equipoise.helpMessage(for: named.command, columns: 100)
        #expect(help.contains("Example") && help.contains(named.words.joined(separator: " ")))
    }

    @Test func everyFileIsOfACommand() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: HelpTests.folder.path).sorted()
        #expect(names == HelpTests.all.map { HelpTests.file($0).lastPathComponent }.sorted())
    }
}
