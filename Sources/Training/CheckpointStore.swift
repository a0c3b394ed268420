public import Foundation
public import Torch

/// The checkpoints of a run: folders `step-00001234`, each with `generator.safetensors`, `discriminator.safetensors`
/// (with PyTorch's tensor names) and `state.safetensors` (everything else that the next step depends on).
///
/// A checkpoint is written to a temporary folder, flushed to disk and then renamed, so a partial checkpoint never
/// appears. Only then are the oldest checkpoints removed.
public struct CheckpointStore {
    /// The contents of a checkpoint.
    public struct Contents {
        public var generator: Safetensors
        public var discriminator: Safetensors
        public var state: Safetensors

        /// Whether all numbers are finite.
        var isFinite: Bool {
            get throws {
                try [generator, discriminator, state].allSatisfy { file in
                    try file.tensors.values.allSatisfy { try !$0.dtype.isFloatingPoint || $0.isFinite().allTrue() }
                }
            }
        }
    }

    public let folder: URL
    /// The number of checkpoints to keep.
    public let keep: Int

    /// - Parameter folder: the folder of the run's checkpoints.
    public init(folder: URL, keep: Int) {
        self.folder = folder
        self.keep = keep
    }

    private static let files = ["generator", "discriminator", "state"]

    /// Saves a checkpoint; returns its name and the names of the older checkpoints that were removed.
    ///
    /// - Parameters:
    ///   - onsets: steps at which problems began: the newest checkpoint before each is kept, whatever its age.
    ///   - moving: the earliest step at which a problem may still be dated, which advances with training: the newest
    ///     checkpoint before it is kept, and the oldest one from it on, which will later be the newest before it.
    func save(
        _ contents: Contents, step: Int, keepingOneBefore onsets: [Int] = [], andBeforeMoving moving: Int? = nil
    ) throws -> (name: String, removed: [String]) {
        let name = CheckpointStore.name(step)
        let unfinished = folder.appending(path: ".\(name).unfinished")
        let manager = FileManager.default
        do {
            try? manager.removeItem(at: unfinished)
            // Do not create intermediate folders: a folder that was moved or deleted must not be recreated.
            try manager.createDirectory(at: unfinished, withIntermediateDirectories: false)
            for (file, tensors) in zip(
                CheckpointStore.files, [contents.generator, contents.discriminator, contents.state])
            {
                try tensors.write(to: unfinished.appending(path: "\(file).safetensors"))
            }
            try unfinished.synchronizeDirectory()
            // Replace an unreadable checkpoint of the same step only when the new one is complete.
            let place = folder.appending(path: name)
            let replaced = folder.appending(path: ".\(name).replaced")
            try? manager.removeItem(at: replaced)
            if manager.fileExists(atPath: place.path) { try manager.moveItem(at: place, to: replaced) }
            try manager.moveItem(at: unfinished, to: place)
            try folder.synchronizeDirectory()
            try? manager.removeItem(at: replaced)
        } catch {
            try? manager.removeItem(at: unfinished)
            throw error
        }
        let all = names()
        func newest(before onset: Int) -> String? { all.last { CheckpointStore.step(of: $0) ?? 0 < onset } }
        var spared = Set(onsets.compactMap(newest))
        if let moving {
            let before = newest(before: moving)
            let next = all.first { CheckpointStore.step(of: $0) ?? 0 >= moving }
            spared.formUnion([before, next].compactMap(\.self))
        }
        let surplus = all.dropLast(keep).filter { !spared.contains($0) }
        for old in surplus { try? manager.removeItem(at: folder.appending(path: old)) }
        return (name, Array(surplus))
    }

    /// Returns the names of the checkpoints, oldest first.
    public func names() -> [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return all.compactMap { name in CheckpointStore.step(of: name).map { (name, $0) } }.sorted { $0.1 < $1.1 }
            .map(\.0)
    }

    /// Returns the newest usable checkpoint, or `nil` if there are no checkpoints.
    ///
    /// - Parameters:
    ///   - report: receives a message about each newer checkpoint that cannot be used.
    ///   - use: throws if a checkpoint is unsuitable; the one before it is then tried.
    /// - Throws: if there are checkpoints but none can be used.
    @discardableResult
    public func newest(
        report: (String) -> Void = { _ in }, use: (Contents) throws -> Void = { _ in }
    ) throws -> (name: String, contents: Contents)? {
        var failure: (any Error)?
        for name in names().reversed() {
            do {
                let contents = try read(name)
                try use(contents)
                return (name, contents)
            } catch {
                failure = error
                report("Checkpoint \(name) cannot be used, trying an earlier one: \(error)")
            }
        }
        if let failure { throw failure }
        return nil
    }

    /// Returns the newest checkpoint before a step that is readable and contains only finite numbers, with its own step.
    public func newest(before step: Int) -> (step: Int, contents: Contents)? {
        for name in names().reversed() {
            guard let own = CheckpointStore.step(of: name), own < step, let contents = try? read(name),
                (try? contents.isFinite) == true
            else { continue }
            return (own, contents)
        }
        return nil
    }

    /// Reads every checkpoint, oldest first.
    public func all() throws -> [Contents] { try names().map(read) }

    /// Renames the checkpoints after a step so that they no longer count: they could not be read and would only take
    /// the place of new ones.
    public func setAside(after step: Int) {
        for name in names() where (CheckpointStore.step(of: name) ?? 0) > step {
            let place = folder.appending(path: name)
            let aside = folder.appending(path: "\(name).unreadable")
            try? FileManager.default.removeItem(at: aside)
            try? FileManager.default.moveItem(at: place, to: aside)
        }
    }

    private func read(_ name: String) throws -> Contents {
        let place = folder.appending(path: name)
        func file(_ name: String) throws -> Safetensors {
            try Safetensors(contentsOf: place.appending(path: "\(name).safetensors"))
        }
        let state = try file("state")
        guard state.metadata["step"].flatMap({ Int($0) }) == CheckpointStore.step(of: name) else {
            throw TorchError(
                .malformedFile,
                "The state in \(place.path) belongs to a different step than the folder name says; use another "
                    + "checkpoint.")
        }
        return Contents(generator: try file("generator"), discriminator: try file("discriminator"), state: state)
    }

    private static func name(_ step: Int) -> String {
        let digits = String(step)
        return "step-" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    }

    private static func step(of name: String) -> Int? {
        guard name.hasPrefix("step-"), let step = Int(name.dropFirst(5)), step >= 0 else { return nil }
        return step
    }
}

extension URL {
    /// Waits until renames inside this directory are on disk.
    fileprivate func synchronizeDirectory() throws {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        fsync(descriptor)
    }
}
