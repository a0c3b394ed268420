import Recipes

/// Every recipe key is also a flag: `--training.packing 2` means `--set training.packing=2`.
enum KeyFlags {
    /// Replaces such flags by assignments, for the commands that take recipe keys.
    static func expanded(_ arguments: [String]) -> [String] {
        guard let command = arguments.first, ["train", "retry", "benchmark"].contains(command) else { return arguments }
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
            if let value = rest.first, isValue(value, of: path) {
                expanded += ["--set", "\(path)=\(rest.removeFirst())"]
            } else {
                // A switch without a value is on; a missing value of another key is reported where it is set.
                expanded += ["--set", isSwitch(path) ? "\(path)=true" : path]
            }
        }
        return expanded
    }

    /// The key that an argument names, correctly spelled or not, possibly followed by `=` and a value.
    private static func path(of argument: String) -> String? {
        guard argument.hasPrefix("--") else { return nil }
        let path = argument.dropFirst(2)
        guard let dot = path.firstIndex(of: "."), path[..<dot].allSatisfy(\.isLetter) else { return nil }
        return TrainingConfiguration.keys.contains { $0.path.hasPrefix(path[...dot]) } ? String(path) : nil
    }

    /// Whether the next argument is the flag's value. A switch needs no value, so only words for on and off count.
    private static func isValue(_ text: String, of path: String) -> Bool {
        guard isSwitch(path), let key = try? TrainingConfiguration.key(path) else { return !text.hasPrefix("--") }
        var configuration = TrainingConfiguration()
        return (try? key.write(&configuration, text: text)) != nil
    }

    private static func isSwitch(_ path: String) -> Bool {
        guard let key = try? TrainingConfiguration.key(path) else { return false }
        return key.kind == .boolean
    }
}
