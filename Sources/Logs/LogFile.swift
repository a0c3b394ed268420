import Foundation

/// The contents of one file, or of several files that hold one series each.
struct LogFile {
    var name: String
    var table: LogTable
    var warnings: [String] = []
    /// Whether the file has a single series, so that other files may have the others.
    var isOneSeries = false
    /// How the text is read on while it grows; `nil` if it must be read anew.
    private(set) var reader: GrowingText?

    /// Whether another file holds other series of the same run. Files that share a series belong to different runs, and
    /// epochs are not steps.
    func complements(_ other: LogFile) -> Bool {
        table.stepColumn?.meaning.kind == other.table.stepColumn?.meaning.kind
            && seriesNames.isDisjoint(with: other.seriesNames)
    }

    /// The names of the measured columns, without unnamed ones.
    private var seriesNames: Set<String> {
        let measured = table.columns.filter { !$0.isCounter && $0.meaning.kind != .time }
        return Set(measured.map(\.name).filter { !$0.hasPrefix("column ") })
    }

    /// The maximum size of a file.
    static let maximumBytes = 1 << 30

    /// Reads a file in any supported format.
    init(_ url: URL) throws {
        let data = try LogFile.bytes(of: url)
        guard !data.isEmpty else { throw LogError("\(url.path) is empty.") }
        if url.lastPathComponent.contains("tfevents") {
            self = try EventFileLog.read([url])
            return
        }
        if let table = try ArrayLog.read(data, url) {
            self.init(name: url.path, table: table)
            nameSingleSeries(url)
            // A folder of logs may hold other arrays too, such as labels.
            isOneSeries = isOneSeries && self.table.columns.allSatisfy { $0.meaning.kind != .other }
            return
        }
        let text = try LogFile.text(data, url.path)
        self = try text.withUnsafeBufferPointer { try LogFile($0, url) }
    }

    init(name: String, table: LogTable, warnings: [String] = []) {
        (self.name, self.table, self.warnings) = (name, table, warnings)
    }

    init(_ text: UnsafeBufferPointer<UInt8>, _ url: URL) throws {
        name = url.path
        if let notebook = Notebook.output(text) {
            self = try notebook.withUnsafeBufferPointer { try LogFile($0, url) }
            reader = nil
            return
        }
        if let plain = BoxDrawing.plain(text) {
            self = try plain.withUnsafeBufferPointer { try LogFile($0, url) }
            reader = nil
            return
        }
        if let json = JSONLog.read(text) {
            self = LogFile(records: json, url)
            return
        }
        if HTMLTables.isIn(text) {
            let rows = HTMLTables.text(of: text)
            if let found = try rows.withUnsafeBufferPointer({ try LogFile.table($0, url) }) {
                self = found
                reader = nil
                return
            }
        }
        if let found = try LogFile.table(text, url) {
            self = found
            return
        }
        var printed = PrintedText()
        printed.read(text)
        reader = .printed(printed)
        table = printed.result()
        guard table.rowCount > 0 else {
            throw LogError("\(url.path) contains no numbers with names, so it does not look like a log of losses.")
        }
    }

    /// The table of delimited text.
    init(table text: DelimitedText, _ url: URL) throws {
        let contents = try text.contents()
        self.init(name: url.path, table: contents.table, warnings: contents.warnings)
        reader = .table(text)
        table.unifyExportedNames()
        nameSingleSeries(url)
    }

    /// The table of records in JSON.
    init(records: JSONLog, _ url: URL) {
        self.init(name: url.path, table: records.result())
        if records.isCutShort {
            warnings.append("\(url.path) ends in the middle of a record (is it still being written?).")
        }
        reader = records.isByLine ? .records(records) : nil
        nameSingleSeries(url)
    }

    private static func table(_ text: UnsafeBufferPointer<UInt8>, _ url: URL) throws -> LogFile? {
        guard let layout = TableDetection(text).layout() else { return nil }
        if let long = try LongTable.read(text, layout, source: url.path) { return LogFile(name: url.path, table: long) }
        return try LogFile(table: DelimitedText(text, layout, source: url.path), url)
    }

    /// Names unnamed columns after the file: numbers without a header, and exports from the TensorBoard page.
    private mutating func nameSingleSeries(_ url: URL) {
        var stem = url.deletingPathExtension().lastPathComponent
        if let tag = stem.range(of: "-tag-") { stem = String(stem[tag.upperBound...]) }
        let names = table.columns.map { $0.name.lowercased() }
        if Set(names) == ["wall time", "step", "value"] {
            table.rename("Value", to: stem)
            table.remove("Wall time")
            isOneSeries = true
        } else if names == ["value"] {
            table.rename(table.columns[0].name, to: stem)
            isOneSeries = true
        } else if names == ["column 1", "column 2"], ColumnMeaning(stem).isLoss, ColumnMeaning(stem).player != nil,
            table.columns[0].countsUp
        {
            // A step and its value, as BigGAN writes them.
            table.rename("column 1", to: "step")
            table.rename("column 2", to: stem)
            isOneSeries = true
        } else if names == ["column 1", "column 2", "column 3"], ColumnMeaning(stem).isLoss, table.columns[2].countsUp,
            table.columns[0].values.allSatisfy({ $0 > 1e9 })
        {
            // MLflow's files: the time, the value, and the step.
            table.remove("column 1")
            table.rename("column 2", to: stem)
            table.rename("column 3", to: "step")
            isOneSeries = true
        } else if names == ["column 1", "column 2", "column 3"], ColumnMeaning(stem).isLoss, table.columns[1].counts,
            table.columns[0].values.allSatisfy({ $0 > 1e9 })
        {
            // JSON from TensorBoard's page: the time, the step, and the value.
            table.remove("column 1")
            table.rename("column 2", to: "step")
            table.rename("column 3", to: stem)
            isOneSeries = true
        } else if names == ["column 1", "column 2", "column 3"], ColumnMeaning(stem).isLoss,
            ColumnMeaning(stem).player != nil, table.columns[0].countsUp,
            !table.columns[1].counts, table.columns[0].values.allSatisfy({ $0 < 1e9 }),
            table.columns[2].values.allSatisfy({ (0...1).contains($0) })
        {
            // A step, the loss, and an accuracy, as Keras returns both.
            table.rename("column 1", to: "step")
            table.rename("column 2", to: stem)
            table.rename("column 3", to: "\(stem) accuracy")
            isOneSeries = true
        } else if names.count == 2, names[1] == "loss", table.columns[0].meaning.isCounter,
            ColumnMeaning("\(stem) loss").player != nil
        {
            table.rename(table.columns[1].name, to: "\(stem) loss")
            isOneSeries = true
        } else if names == ["column 1"] || names == ["column 1", "column 2"], ColumnMeaning(stem).isLoss {
            // Keras returns the loss and a metric for each batch.
            table.rename("column 1", to: stem)
            isOneSeries = true
        } else {
            let measured = table.columns.filter { !$0.isCounter && $0.meaning.kind != .time }
            let isCounted = table.stepColumn != nil
            isOneSeries = isCounted && measured.count == 1 && measured[0].meaning.kind != .other
        }
    }

    // MARK: - Several files

    /// Joins the series of several files into one table: by step if all files have steps, otherwise by row.
    static func joined(_ files: [LogFile]) -> LogFile {
        var table = LogTable()
        let haveSteps = files.allSatisfy { $0.table.stepColumn != nil }
        let areSideBySide = haveSteps && LogFile.haveEqualSteps(files)
        let areEpochs = files.allSatisfy { $0.table.stepColumn?.meaning.kind == .counter(.epoch) }
        let counter = areEpochs ? "epoch" : "step"
        var rows: [Int: [(String, Double)]] = [:]
        var stepOfRow: [Int: Int] = [:]
        for file in files {
            let steps = file.table.stepColumn
            for column in file.table.columns where column.name != steps?.name {
                for (row, value) in zip(column.rows, column.values) {
                    let step = haveSteps ? steps?.value(at: row).flatMap { Int(exactly: $0.rounded()) } : Int(row)
                    guard let step else { continue }
                    rows[areSideBySide ? Int(row) : step, default: []].append((column.name, value))
                    if areSideBySide { stepOfRow[Int(row)] = step }
                }
            }
        }
        for (key, values) in rows.sorted(by: { $0.key < $1.key }) {
            table.beginRow()
            if haveSteps, let step = table.column(counter) { table.append(Double(stepOfRow[key] ?? key), to: step) }
            // If a step has several values, as in a resumed run, the last one counts.
            for (name, value) in values.reversed() {
                if let column = table.column(name), table.columns[column].lastRow < table.rowCount - 1 {
                    table.append(value, to: column)
                }
            }
        }
        let names = files.map { ($0.name as NSString).lastPathComponent }.joined(separator: ", ")
        return LogFile(name: names, table: table, warnings: files.flatMap(\.warnings))
    }

    /// Whether the files have the same step in each row, and several rows per step. Rows then belong together, not
    /// steps.
    private static func haveEqualSteps(_ files: [LogFile]) -> Bool {
        guard let first = files.first?.table.stepColumn else { return false }
        return Set(first.values).count < first.values.count
            && files.allSatisfy {
                $0.table.stepColumn?.rows == first.rows && $0.table.stepColumn?.values == first.values
            }
    }

    // MARK: - Bytes

    /// The bytes of a file, if it is not too large.
    static func bytes(of url: URL) throws -> Data {
        let size = (try? FileManager.default.attributesOfItem(atPath: url.path)[.size] as? Int) ?? 0
        guard size <= maximumBytes else {
            throw LogError("\(url.path) is larger than 1 GB; pass only the part with the losses.")
        }
        do {
            return try Data(contentsOf: url, options: .mappedIfSafe)
        } catch {
            throw LogError("\(url.path) cannot be read; check its permissions.")
        }
    }

    /// The first bytes of pickles: of protocol 2 and later, and of earlier ones that hold a dictionary, a list or an
    /// array.
    private static let beginningsOfPickles = [[0x80], Array("(dp".utf8), Array("(lp".utf8), Array("cnumpy".utf8)]

    private static func isPickle(_ data: Data) -> Bool {
        data.last == UInt8(ascii: ".") && beginningsOfPickles.contains { data.starts(with: $0) }
    }

    /// The text in UTF-8. UTF-16, as Windows programs write it, is converted.
    private static func text(_ data: Data, _ path: String) throws -> [UInt8] {
        let isWide = data.starts(with: [0xFF, 0xFE]) || data.starts(with: [0xFE, 0xFF])
        if isWide, let text = String(data: data, encoding: .utf16), !text.isEmpty { return Array(text.utf8) }
        let head = data.prefix(4096)
        if head.contains(0), let text = LogFile.unmarkedWideText(data) { return Array(text.utf8) }
        if head.contains(0), let text = LogFile.withoutZeros(data) { return text }
        guard !isPickle(data) else {
            throw LogError(
                "\(path) is a Python pickle, which can run code when loaded. Load it yourself and save the lists as "
                    + "JSON: json.dump({name: [float(x) for x in values] for name, values in history.items()}, "
                    + "open(\"losses.json\", \"w\"))"
            )
        }
        guard !head.contains(0) else {
            throw LogError("\(path) is not text; pass the log as text, CSV or JSON, or as a TensorBoard event file.")
        }
        return [UInt8](data)
    }
}

extension LogFile {
    /// The bytes of a text file without the zero bytes that a crash left in it; `nil` if the other bytes are not text.
    private static func withoutZeros(_ data: Data) -> [UInt8]? {
        let text = data.filter { $0 != 0 }
        func isControl(_ byte: UInt8) -> Bool { byte < 0x20 && !(0x08...0x0D).contains(byte) && byte != 0x1B }
        guard text.contains(UInt8(ascii: "\n")), !text.prefix(1 << 16).contains(where: isControl) else { return nil }
        return Array(text)
    }

    /// Decodes UTF-16 without a byte order mark: only the correct byte order yields line ends and digits.
    private static func unmarkedWideText(_ data: Data) -> String? {
        [String.Encoding.utf16LittleEndian, .utf16BigEndian].lazy.compactMap { String(data: data, encoding: $0) }.first
        {
            let head = $0.prefix(2000)
            return head.contains(where: \.isNewline)
                && 50 * head.count(where: { ("0"..."9").contains($0) }) > head.count
                && !$0.utf8.contains(0)
        }
    }
}

extension LogTable {
    /// The column of steps or, without one, of epochs.
    var stepColumn: Column? {
        columns.first { $0.meaning.kind == .counter(.step) } ?? columns.first { $0.meaning.kind == .counter(.epoch) }
    }

    /// Simplifies the names of a chart exported from Weights & Biases: removes the run from `RUN - key`, and the
    /// `__MIN` and `__MAX` columns.
    fileprivate mutating func unifyExportedNames() {
        let extremes = columns.map(\.name).filter { $0.hasSuffix("__MIN") || $0.hasSuffix("__MAX") }
        guard !extremes.isEmpty else { return }
        extremes.forEach { remove($0) }
        let keys = columns.compactMap { column in
            column.name.range(of: " - ", options: .backwards).map {
                (column.name, String(column.name[$0.upperBound...]))
            }
        }
        // Keep the run's name if several runs have the same key.
        guard Set(keys.map(\.1)).count == keys.count else { return }
        for (name, key) in keys { rename(name, to: key) }
    }
}

extension LogTable.Column {
    /// Whether the values are whole numbers that increase.
    fileprivate var countsUp: Bool {
        values.count > 1 && values.allSatisfy { $0 == $0.rounded() && $0 >= 0 }
            && zip(values, values.dropFirst()).allSatisfy { $0 < $1 }
    }

    /// The same for steps that may restart.
    fileprivate var counts: Bool {
        values.count > 1 && values.allSatisfy { $0 == $0.rounded() && $0 >= 0 }
            && 20 * zip(values, values.dropFirst()).count { $0 < $1 } >= 19 * (values.count - 1)
    }

    fileprivate func value(at row: Int32) -> Double? {
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if rows[middle] < row { low = middle + 1 } else { high = middle }
        }
        return low < rows.count && rows[low] == row ? values[low] : nil
    }
}
