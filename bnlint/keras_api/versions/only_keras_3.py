"""Names that only Keras 3 has: code that uses them is not written for an earlier Keras.

Source: the public names of Keras 3.15 that tf_keras 2.21 does not have, without those that some
earlier Keras had (``keras.legacy``, ``keras.wrappers``) and without new names of old functions.
``tests/keras_api/test_only_keras_3.py`` compares the table with both.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

PACKAGES: Final = frozenset({"keras_hub", "keras_rs"})
"""Packages that run only on Keras 3."""

BACKENDS: Final = frozenset({"jax", "torch", "openvino"})
"""Values of ``KERAS_BACKEND`` that are new in Keras 3."""

MODULES: Final = frozenset({
    "config", "distillation", "distribution", "dtype_policies", "ops", "quantizers", "random",
    "tree", "visualization",
})  # fmt: skip

_NAMES: Final = {
    "": (
        "DTypePolicy FloatDTypePolicy Function Initializer KerasTensor Layer Loss Metric Operation"
        " Optimizer Quantizer Regularizer RematScope StatelessScope SymbolicScope Variable device"
        " name_scope remat version"
    ),
    "callbacks": "OrbaxCheckpoint SwapEMAWeights",
    "layers": (
        "AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D"
        " AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D AugMix AutoContrast CutMix"
        " Equalization FlaxLayer JaxLayer MaxNumBoundingBoxes MelSpectrogram MixUp Pipeline"
        " RMSNormalization RandAugment RandomColorDegeneration RandomColorJitter"
        " RandomElasticTransform RandomErasing RandomGaussianBlur RandomGrayscale RandomHue"
        " RandomInvert RandomPerspective RandomPosterization RandomSaturation RandomSharpness"
        " RandomShear ReversibleEmbedding STFTSpectrogram Solarization TFSMLayer TorchModuleWrapper"
    ),
    "losses": "CTC CategoricalGeneralizedCrossEntropy Circle Dice Tversky",
    "metrics": "ConcordanceCorrelation PearsonCorrelation",
    "optimizers": "Lamb Muon MultiOptimizer ScheduleFreeAdamW",
    "saving": "KerasFileEditor",
    "utils": "Config PyDataset bounding_boxes",
}
NAMES: Final = frozenset(
    f"{module}.{name}".lstrip(".") for module, names in _NAMES.items() for name in names.split()
)
"""Public names, written without ``keras.``."""


@lru_cache(maxsize=4096)
def is_only_in_keras_3(path: str) -> bool:
    """Whether no earlier Keras has what ``path`` names.

    Args:
        path: ``"keras.ops.relu"``, ``"tensorflow.keras.layers.TFSMLayer"``, ``"keras_hub"``.
    """
    top, _, rest = path.removeprefix("tensorflow.").partition(".")
    if top in PACKAGES:
        return path.startswith(top)
    first, _, others = rest.partition(".")
    if top != "keras" or not first:
        return False
    return first in MODULES or first in NAMES or f"{first}.{others.partition('.')[0]}" in NAMES
