import Foundation
public import Torch

/// The numbers that `Scripts/make_fixtures.py` got from PyTorch.
public enum Fixture {
    public static func load(_ name: String) throws -> Safetensors {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return try Safetensors(contentsOf: folder.appending(path: "Fixtures/\(name).safetensors"))
    }

    /// The script's `discs`: made-up images of bytes, `[count, 28, 28]` in a row.
    public static func discs(_ count: Int) -> [UInt8] {
        (0..<count * 784).map { (index: Int) -> UInt8 in
            let (i, y, x) = (index / 784, index / 28 % 28, index % 28)
            let (dx, dy) = (x - 8 - i * 5 % 13, y - 8 - i * 7 % 13)
            return dx * dx + dy * dy < 16 + i * 11 % 40 ? 255 : 0
        }
    }
}

/// The default random generator belongs to the process, so tests that draw from it take turns.
public enum RandomNumbers {
    private static let lock = NSLock()

    public static func exclusively<Result>(seed: UInt64 = 0, _ body: () throws -> Result) throws -> Result {
        try lock.withLock {
            try seedRandomNumbers(seed)
            return try body()
        }
    }
}

extension Tensor {
    /// The largest difference to another tensor, relative to the other's largest magnitude.
    public func relativeDifference(to other: Tensor) throws -> Double {
        guard shape == other.shape else { return .infinity }
        if count == 0 { return 0 }
        let (a, b) = try (to(.float64), other.to(.float64))
        let scale = try b.magnitude().maximum(over: []).item()
        return try (a - b).magnitude().maximum(over: []).item() / max(scale, 1e-12)
    }

    /// Whether every bit is the same.
    public func isIdentical(to other: Tensor) throws -> Bool {
        try shape == other.shape && dtype == other.dtype && bytes() == other.bytes()
    }
}
