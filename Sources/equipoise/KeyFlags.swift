import Runs

/// Every key of a recipe is a flag too: `--training.packing 2` is `--set training.packing=2`.
enum KeyFlags {
    /// Arguments in which such flags are assignments.
    static func expanded(_ arguments: [String]) -> [String] {
        var expanded: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument != "--" else { return expanded + [argument] + rest }
            guard let path = path(of: argument) else {
                expanded.append(argument)
                continue
            }
            guard !path.contains("=") else {
                expanded += ["--set", path]
                continue
            }
            if let value = rest.first, isSwitch(path) ? ["true", "false"].contains(value) : !value.hasPrefix("--") {
                expanded += ["--set", "\(path)=\(rest.removeFirst())"]
            } else {
                // A switch is on; that another key has no value is said where it is set.
                expanded += ["--set", isSwitch(path) ? "\(path)=true" : path]
            }
        }
        return expanded
    }

    /// The key that an argument names, rightly spelt or not, perhaps with a value behind `=`.
    private static func path(of argument: String) -> String? {
        guard argument.hasPrefix("--") else { return nil }
        let path = argument.dropFirst(2)
        guard let dot = path.firstIndex(of: "."), path[..<dot].allSatisfy(\.isLetter) else { return nil }
        return Configuration.keys.contains { $0.path.hasPrefix(path[...dot]) } ? String(path) : nil
    }

    private static func isSwitch(_ path: String) -> Bool {
        guard let key = try? Configuration.key(path) else { return false }
        return key.kind == .boolean
    }
}
