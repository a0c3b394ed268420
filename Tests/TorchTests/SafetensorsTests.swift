import Foundation
import TestSupport
import Testing
import Torch

@Suite struct SafetensorsTests {
    private let directory = Result { try TemporaryFolder() }

    private func place(_ name: String) throws -> URL { try directory.get().url.appending(path: name) }

    @Test func everyTypeGoesThroughAFile() throws {
        var file = Safetensors(metadata: ["text": "a \"quoted\"\nline, é"])
        for dtype in DType.allCases { file.tensors["\(dtype)"] = try Tensor.range(6).to(dtype).reshaped([2, 3]) }
        file.tensors["none"] = try Tensor.zeros([0, 3])
        file.tensors["scalar"] = try Tensor.full([], 7)
        let url = try place("all.safetensors")
        try file.write(to: url)
        let back = try Safetensors(contentsOf: url)
        #expect(back.metadata == file.metadata && back.tensors.count == file.tensors.count)
        for (name, tensor) in file.tensors { #expect(try back.tensor(name).isIdentical(to: tensor)) }
        #expect(throws: TorchError.self) { try back.tensor("scalar", shape: [1]) }
        #expect(throws: TorchError.self) { try back.tensor("absent") }
    }

    @Test func anImagesMemoryLayoutDoesNotShowInTheFile() throws {
        let image = try Tensor.range(24).reshaped([1, 2, 3, 4])
        let url = try place("image.safetensors")
        try Safetensors(tensors: ["image": image.channelsLast()]).write(to: url)
        #expect(try Safetensors(contentsOf: url).tensor("image").isIdentical(to: image))
    }

    @Test(arguments: [
        "", "short", "\u{ff}\u{ff}\u{ff}\u{ff}\u{ff}\u{ff}\u{ff}\u{7f}{}",
    ])
    func garbageIsRefused(_ text: String) throws {
        let url = try place("garbage")
        try Data(text.unicodeScalars.map { UInt8($0.value) }).write(to: url)
        let error = #expect(throws: TorchError.self) { try Safetensors(contentsOf: url) }
        #expect(error?.kind == .malformedFile)
    }

    @Test(arguments: [
        #"[]"#, #"{"a":7}"#, #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,5]}}"#,
        #"{"a":{"dtype":"F99","shape":[1],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#,
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}"#, #"{"__metadata__":{"a":1}}"#,
    ])
    func headersThatDoNotFitTheirFileAreRefused(_ header: String) throws {
        let url = try place("hostile")
        var bytes = Data((0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) })
        bytes += Data(header.utf8) + Data(count: 4)
        try bytes.write(to: url)
        let error = #expect(throws: TorchError.self) { try Safetensors(contentsOf: url) }
        #expect(error?.kind == .malformedFile && error?.description.contains(url.path) == true)
    }

    @Test func everyTruncationIsRefused() throws {
        let url = try place("whole")
        try Safetensors(tensors: ["a": Tensor.ones([3, 2]), "b": Tensor.zeros([4])]).write(to: url)
        let whole = try Data(contentsOf: url)
        for length in 0..<whole.count {
            try whole.prefix(length).write(to: url)
            #expect(throws: TorchError.self) { try Safetensors(contentsOf: url) }
        }
    }
}
