/// The numbers of a log by row and column, whatever its format. Each record is a row with values in the columns that it
/// names.
struct LogTable {
    struct Column {
        /// The name as it appears in the log.
        let name: String
        /// The rows that have a value, in order, and their values.
        var rows: [Int32] = []
        var values: [Double] = []
        /// Whether this column holds the first value of an unbracketed list with one value for each of several games.
        var listsGames = false
        /// The counter's total, if the log states it, as in `[3/100]`.
        var total: Double?
        /// The meaning of the name.
        let meaning: ColumnMeaning
        /// Whether the column is a counter, by its name or its form.
        let isCounter: Bool
        /// The position of the column's value among several values of one name, starting at 1.
        let ordinal: Int
        /// The name of the first of several values.
        let firstName: String
        /// The columns of the second and later values of the name.
        fileprivate var others: [Int] = []

        init(_ name: String, ordinal: Int = 1) {
            self.name = ordinal > 1 ? "\(name) (\(ordinal))" : name
            self.ordinal = ordinal
            firstName = name
            meaning = ColumnMeaning(name)
            isCounter = meaning.isCounter || name.hasPrefix(LogTable.unnamedCounter)
        }

        /// The newest row with a value; −1 without any.
        var lastRow: Int { rows.last.map(Int.init) ?? -1 }
    }

    /// In the order in which they first appear.
    var columns: [Column] = []
    /// Notes on how the log was interpreted while it was read.
    var notes: [String] = []
    private(set) var rowCount = 0
    /// Whether the newest row has a value other than a counter's.
    private var rowHasMeasurements = false
    private var places: [String: Int] = [:]

    /// The maximum number of columns. More are words of a text, not names.
    static let mostColumns = 4000

    /// The place of the column for one of several values of a name; `nil` if there are too many columns.
    ///
    /// - Parameters:
    ///   - ordinal: the position of the value, starting at 2.
    ///   - first: the column of the first value.
    mutating func column(ofValue ordinal: Int, of first: Int) -> Int? {
        if ordinal - 2 < columns[first].others.count { return columns[first].others[ordinal - 2] }
        guard let place = column(columns[first].name, ordinal: ordinal) else { return nil }
        if columns[first].others.count == ordinal - 2 { columns[first].others.append(place) }
        return place
    }

    /// The place of a column, which is created if it does not exist; `nil` if there are too many.
    ///
    /// - Parameter ordinal: the position among several values of that name, starting at 1.
    mutating func column(_ name: String, ordinal: Int = 1) -> Int? {
        let column = ordinal > 1 ? "\(name) (\(ordinal))" : name
        if let place = places[column] { return place }
        guard columns.count < LogTable.mostColumns else { return nil }
        places[column] = columns.count
        columns.append(Column(name, ordinal: ordinal))
        return columns.count - 1
    }

    /// The place of the column with exactly this name.
    func place(of name: String) -> Int? { places[name] }

    mutating func rename(_ name: String, to other: String) {
        guard let place = places[name], places[other] == nil else { return }
        places[name] = nil
        places[other] = place
        let column = columns[place]
        columns[place] = Column(other)
        (columns[place].rows, columns[place].values) = (column.rows, column.values)
    }

    mutating func remove(_ name: String) {
        guard let place = places[name] else { return }
        columns.remove(at: place)
        for index in columns.indices { columns[index].others = [] }
        places = Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($1.name, $0) })
    }

    mutating func beginRow() { beginRows(1) }

    mutating func beginRows(_ count: Int) {
        rowCount += count
        rowHasMeasurements = false
    }

    /// Adds a value to the newest row.
    mutating func append(_ value: Double, to column: Int) {
        columns[column].rows.append(Int32(truncatingIfNeeded: rowCount - 1))
        columns[column].values.append(value)
    }

    /// Adds whole series with one row per value, from the newest row on. If two series have the same name, the first
    /// counts.
    mutating func append(_ series: [(name: String, values: [Double])]) {
        let first = rowCount
        let places = series.map { column($0.name) }
        for row in 0..<(series.map(\.values.count).max() ?? 0) {
            beginRow()
            for (place, column) in zip(places, series) where row < column.values.count {
                if let place, columns[place].lastRow < first + row { append(column.values[row], to: place) }
            }
        }
    }

    /// Adds a value to the newest record, or begins another record if the newest already has a value in this column.
    ///
    /// A counter that begins a line also begins a record. A counter that is repeated within a record is ignored.
    mutating func record(_ value: Double, to column: Int, beginsLine: Bool) {
        if rowCount == 0 { beginRow() }
        let isCounter = columns[column].isCounter
        if isCounter, beginsLine, rowHasMeasurements {
            beginRow()
        } else if columns[column].lastRow == rowCount - 1 {
            if isCounter, columns[column].values.last == value { return }
            beginRow()
        }
        if !isCounter { rowHasMeasurements = true }
        append(value, to: column)
    }

    /// The start of the name of an unnamed counter, before its number.
    static let unnamedCounter = "counter "
}
