import ArgumentParser
import Dashboard
import Runs

/// A dashboard that a command serves while it runs.
struct LiveDashboard: ParsableArguments {
    @Flag(help: "Also serve the dashboard while training; prints its address.") var dashboard = false

    /// Starts a dashboard if one is wanted, on any free port if the usual one is in use. The training starts even if the dashboard
    /// cannot.
    func start(_ runs: RunsOption, _ console: Console) -> DashboardServer? {
        guard dashboard else { return nil }
        do {
            let address = try DashboardAddress.parse([])
            let server = try DashboardServer.start(address.options(runs), orAtAnyPort: true)
            console.line("dashboard \(server.address)")
            return server
        } catch {
            console.warning("\(error)")
            return nil
        }
    }
}
