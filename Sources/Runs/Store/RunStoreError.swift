public import Foundation
public import Measurements

/// An error of the run store: what is wrong, where and what to do.
public enum RunStoreError: Error, Equatable, Sendable {
    /// Another process is writing the run.
    case inUse(folder: URL, process: Int?)
    /// The folder does not contain a run.
    case notARun(URL)
    /// A newer version of this program wrote the database.
    case newerSchema(URL, found: Int, known: Int)
    /// The database is damaged or not that of a run.
    case damaged(URL, reason: String)
    /// The file system or the database reported an error.
    case failed(String)
    /// The writer has already finished.
    case closed(URL)
    /// The run has no such series.
    case unknownSeries(SeriesName, available: [SeriesName])
    /// The run has no configuration, because another program trained it.
    case foreign(folder: URL, program: String)
    /// No run matches the text.
    case notFound(String, looked: URL, count: Int, nearest: [String])
    /// Several runs match the text.
    case ambiguous(String, candidates: [String])
}

extension RunStoreError: CustomStringConvertible {
    /// One plain sentence.
    public var description: String {
        switch self {
        case .inUse(let folder, let process):
            let who = process.map { "process \($0)" } ?? "another process"
            return "The run in \(folder.path) is being written by \(who); wait until it ends, or stop it first."
        case .notARun(let folder):
            return "There is no run in \(folder.path): it has no run.sqlite; give the folder, id or label of a run."
        case .newerSchema(let file, let found, let known):
            return
                "The database \(file.path) was written by a newer version of Equipoise (its format is \(found), this "
                + "version knows up to \(known)); update Equipoise to open it."
        case .damaged(let file, let reason):
            return
                "The database \(file.path) cannot be read: \(reason); restore it from a copy, or remove the run's folder."
        case .failed(let sentence):
            return sentence
        case .closed(let folder):
            return "The run in \(folder.path) was already finished; reopen it to record more."
        case .unknownSeries(let name, let available):
            let names = available.isEmpty ? "none yet" : available.map(\.rawValue).joined(separator: ", ")
            return "The run has no series “\(name)”; it has \(names)."
        case .foreign(let folder, let program):
            return
                "The run in \(folder.path) was trained by another program (\(program)), so Equipoise has no configuration "
                + "with which to continue it, repeat it or draw samples from it."
        case .notFound(let text, let folder, let count, let nearest):
            let runs = count == 1 ? "1 run" : "\(count) runs"
            let advice =
                nearest.isEmpty
                ? (count == 0
                    ? "train one first, or choose another folder with --runs." : "see them with “equipoise list”.")
                : "did you mean \(nearest.joined(separator: " or "))?"
            return "No run matches “\(text)” among the \(runs) in \(folder.path); \(advice)"
        case .ambiguous(let text, let candidates):
            return
                "“\(text)” matches several runs: \(candidates.joined(separator: ", ")); type more of the one you mean."
        }
    }
}
