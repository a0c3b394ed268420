/// The portion of each class that a training uses: `7=0, 4=0.1` leaves class 7 out and keeps a tenth of class 4.
///
/// Classes are numbered from 0, like the labels of the data. Classes that are not named are kept whole.
public struct ClassPortions: Hashable, Sendable, RawRepresentable {
    /// The kept portion, 0 to below 1, of each class that is not kept whole.
    public let portions: [Int: Double]

    /// Keeps everything.
    public static let whole = ClassPortions(portions: [:])

    private init(portions: [Int: Double]) {
        self.portions = portions
    }

    /// Reads `7=0, 4=0.1`, separated by commas or spaces; empty text keeps everything. `nil` for anything else, for a class named twice, and
    /// for portions outside 0 to 1.
    public init?(rawValue: String) {
        var portions: [Int: Double] = [:]
        for part in rawValue.split(whereSeparator: { $0 == "," || $0 == " " }) {
            let sides = part.split(separator: "=", omittingEmptySubsequences: false)
            guard sides.count == 2, let label = Int(sides[0]), (0..<100_000).contains(label), portions[label] == nil,
                let portion = Double(sides[1]), (0...1).contains(portion)
            else { return nil }
            portions[label] = portion
        }
        self.init(portions: portions.filter { $0.value < 1 })
    }

    /// `4=0.1, 7=0`, in the order of the classes; empty if everything is kept.
    public var rawValue: String {
        portions.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.plainDescription)" }.joined(separator: ", ")
    }
}
