// Everything that reads and judges series and logs, in one import. It needs no LibTorch, no database and no network library.
@_exported public import Diagnostics
@_exported public import Logs
@_exported public import Measurements
@_exported public import Recipes
