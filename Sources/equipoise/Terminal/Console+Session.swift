import DatasetFiles
import Sessions

extension Console {
    /// Prints the events of a command's preparations.
    func show(_ event: SessionEvent) {
        switch event {
        case .note(let sentence): line(sentence)
        case .warning(let sentence): warning(sentence)
        case .downloading(let progress): status(progress.summary)
        case .begins, .ended, .repairs: break
        }
    }
}

extension Downloader.Progress {
    /// A line for the terminal.
    var summary: String {
        let total = totalBytes.map { " of \($0 / 1024)" } ?? ""
        return "\(fileName): \(receivedBytes / 1024)\(total) KiB"
    }
}
