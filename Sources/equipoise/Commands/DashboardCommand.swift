import ArgumentParser
import Dashboard
import Foundation
import Recipes
import Runs

struct DashboardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dashboard", abstract: "Show the runs in a browser, live while they train.",
        discussion: """
            Only this machine can reach the dashboard unless --host says otherwise. With another host, it asks for a token: the value of \
            EQUIPOISE_TOKEN, or a new one, which it prints.

            Examples:
              equipoise dashboard
              equipoise dashboard --runs /data/runs --host 0.0.0.0 --port 8080
            """)

    @OptionGroup var runs: RunsOption
    @OptionGroup var address: DashboardAddress

    func run() throws {
        try runs.library.check()
        let server = try DashboardServer.start(address.options(runs))
        let interruption = Interruption(notice: nil)
        try emit("The dashboard is at \(server.address)")
        try emit("Ctrl-C stops the dashboard; trainings continue.")
        while !interruption.isRequested { Thread.sleep(forTimeInterval: 0.1) }
        server.stop()
    }
}

/// Where a dashboard listens.
struct DashboardAddress: ParsableArguments {
    @Option(help: "Address to listen on; 0.0.0.0 accepts other machines.") var host = "127.0.0.1"
    @Option(help: "Port; 0 chooses a free one.") var port = DashboardOptions.usualPort
    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("A host name that browsers may use; may be repeated.", valueName: "name"))
    var allowHost: [String] = []

    func validate() throws {
        guard (0...65535).contains(port) else { throw ValidationError("--port takes 0 to 65535.") }
        guard !host.isEmpty else { throw ValidationError("--host needs an address.") }
    }

    func options(_ runs: RunsOption) -> DashboardOptions {
        var options = DashboardOptions(runs.library, version: EquipoiseVersion.current)
        options.host = host
        options.port = port
        options.names = allowHost
        options.token = ProcessInfo.processInfo.environment["EQUIPOISE_TOKEN"]
        options.flags = runs.flags
        return options
    }
}
