import Diagnosis
import Runs

extension Finding.Failure {
    /// In the field's words.
    var words: String {
        switch self {
        case .modeCollapse: "mode collapse"
        case .convergenceFailure: "convergence failure"
        }
    }
}

extension Remedy {
    /// What to do, with the flags that do it.
    var words: String {
        let flags = change.sorted { $0.key < $1.key }.map { "--set \($0.key)=\($0.value)" }.joined(separator: " ")
        return "\(title.prefix(1).lowercased())\(title.dropFirst()): \(flags)"
    }
}
