// Everything that trains, watches and repairs, in one import. It needs LibTorch while it runs; see Scripts/bootstrap.
@_exported public import Adversarial
@_exported public import Charts
@_exported public import DataFiles
@_exported public import DatasetFiles
@_exported public import Datasets
@_exported public import EquipoiseDiagnosis
@_exported public import Evaluation
@_exported public import Exporters
@_exported public import Images
@_exported public import Networks
@_exported public import Runs
@_exported public import Sessions
@_exported public import Torch
@_exported public import Training
