public import Foundation
public import Torch

/// The checkpoints of a run: folders `step-00001234`, each with `generator.safetensors`, `discriminator.safetensors` (as
/// PyTorch names their tensors) and `state.safetensors` (everything else that the next step depends on).
///
/// A checkpoint is written beside and renamed when it is whole and on the disk, so that there is never half a one; the
/// oldest are removed after that.
public struct CheckpointStore {
    /// What a checkpoint holds.
    public struct Contents {
        public var generator: Safetensors
        public var discriminator: Safetensors
        public var state: Safetensors

        /// Whether no number in it is NaN or infinite.
        var isFinite: Bool {
            get throws {
                try [generator, discriminator, state].allSatisfy { file in
                    try file.tensors.values.allSatisfy { try !$0.dtype.isFloatingPoint || $0.isFinite().allTrue() }
                }
            }
        }
    }

    public let folder: URL
    /// How many checkpoints stay.
    public let keep: Int

    /// - Parameter folder: the run's folder of checkpoints.
    public init(folder: URL, keep: Int) {
        self.folder = folder
        self.keep = keep
    }

    private static let files = ["generator", "discriminator", "state"]

    /// Saves a checkpoint; returns its name and those of the checkpoints that it replaced.
    ///
    /// - Parameters:
    ///   - onsets: steps from which on something is wrong: the newest checkpoint from before each stays, whatever its age.
    ///   - moving: the step from which on something may turn out to be wrong, which moves on with the training: the newest checkpoint
    ///     from before it stays, and the oldest from then on, which will be the one from before.
    func save(
        _ contents: Contents, step: Int, keepingOneBefore onsets: [Int] = [], andBeforeMoving moving: Int? = nil
    ) throws -> (name: String, removed: [String]) {
        let name = CheckpointStore.name(step)
        let unfinished = folder.appending(path: ".\(name).unfinished")
        let manager = FileManager.default
        do {
            try? manager.removeItem(at: unfinished)
            // Only inside a folder that is there: one that was moved or deleted is not made anew.
            try manager.createDirectory(at: unfinished, withIntermediateDirectories: false)
            for (file, tensors) in zip(
                CheckpointStore.files, [contents.generator, contents.discriminator, contents.state])
            {
                try tensors.write(to: unfinished.appending(path: "\(file).safetensors"))
            }
            try unfinished.synchronizeDirectory()
            // One of the same step, which could not be read, makes room only when the new one is whole.
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

    /// The names of the checkpoints, oldest first.
    public func names() -> [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return all.compactMap { name in CheckpointStore.step(of: name).map { (name, $0) } }.sorted { $0.1 < $1.1 }
            .map(\.0)
    }

    /// The newest checkpoint that can be used, or `nil` if there is none at all.
    ///
    /// - Parameters:
    ///   - report: takes a sentence about each newer one that cannot be used.
    ///   - use: throws if a checkpoint that was read does not do; then the one before is tried.
    /// - Throws: when there are checkpoints, but none can be used.
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
                report("The checkpoint \(name) cannot be used, so an earlier one is looked for: \(error)")
            }
        }
        if let failure { throw failure }
        return nil
    }

    /// The newest checkpoint from before a step that can be read and holds nothing but numbers, and its step.
    public func newest(before step: Int) -> (step: Int, contents: Contents)? {
        for name in names().reversed() {
            guard let own = CheckpointStore.step(of: name), own < step, let contents = try? read(name),
                (try? contents.isFinite) == true
            else { continue }
            return (own, contents)
        }
        return nil
    }

    /// Every checkpoint, oldest first.
    public func all() throws -> [Contents] { try names().map(read) }

    /// Sets the checkpoints after a step aside, under names that do not count: they could not be read, and would only
    /// take the place of those to come.
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
            throw TorchError(.malformedFile, "The state in \(place.path) is not that of its step.")
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
    /// Waits until a rename inside this directory is on the disk.
    fileprivate func synchronizeDirectory() throws {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        fsync(descriptor)
    }
}
