// Everything that stores, shows and exports runs, in one import. It needs no LibTorch.
@_exported public import Dashboard
@_exported public import EquipoiseDiagnosis
@_exported public import EventFiles
@_exported public import Exporters
@_exported public import Reports
@_exported public import Runs
@_exported public import Watching
