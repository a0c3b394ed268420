/// The shape of the square pictures that a network makes or judges.
public struct PictureShape: Hashable, Sendable {
    public let channels: Int
    /// Height and width in pixels.
    public let size: Int

    public init(channels: Int, size: Int) {
        self.channels = channels
        self.size = size
    }

    /// The sizes that the convolutional networks are built for.
    public static let sizes = [28, 32, 64, 128]

    /// How often a network doubles its first picture: from 7 to 28, from 8 to 32, 64 or 128.
    public var doublings: Int {
        switch size {
        case 64: 3
        case 128: 4
        default: 2
        }
    }
}
