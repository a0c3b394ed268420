/// The description of the error that a piece of work throws; empty if it throws none.
public func message(_ work: () throws -> Void) -> String {
    do {
        try work()
        return ""
    } catch {
        return "\(error)"
    }
}
