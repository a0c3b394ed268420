import CTorch
import Testing

@Suite struct MissingLibraryTests {
    @Test func functionsFailInsteadOfCrashing() {
        let missing = ct_missing_functions
        var tensor: ct_tensor?
        let cpu = ct_device(kind: CT_CPU, index: 0)
        #expect(missing.full(nil, 0, 1, CT_FLOAT32, cpu, &tensor) == CT_FAILED)
        #expect(tensor == nil)
        #expect(String(cString: missing.version()) == "")
        #expect(!missing.device_available(CT_CUDA))
        #expect(missing.thread_count() == 0)
        missing.tensor_free(nil)
    }
}
