"""The models of ``keras.applications``: functions that return a whole model.

Source: Keras 3.15, keras 2.15, Keras-Applications 1.0.8, Keras 1.2.
"""

from __future__ import annotations

from typing import Final

APPLICATIONS: Final = frozenset(
    (
        *(f"ConvNeXt{size}" for size in ("Tiny", "Small", "Base", "Large", "XLarge")),
        *(f"DenseNet{depth}" for depth in (121, 169, 201, 264)),
        *(f"EfficientNetB{scale}" for scale in range(8)),
        *(f"EfficientNetV2{size}" for size in ("B0", "B1", "B2", "B3", "S", "M", "L")),
        "InceptionResNetV2",
        "InceptionV3",
        "MobileNet",
        "MobileNetV2",
        "MobileNetV3Large",
        "MobileNetV3Small",
        "MusicTaggerCRNN",
        "NASNetLarge",
        "NASNetMobile",
        *(
            f"RegNet{family}{flops}"
            for family in "XY"
            for flops in (
                *("002", "004", "006", "008", "016", "032"),
                *("040", "064", "080", "120", "160", "320"),
            )
        ),
        *(f"ResNet{depth}" for depth in (50, 101, 152)),
        *(f"ResNet{depth}V2" for depth in (50, 101, 152)),
        *(f"ResNetRS{depth}" for depth in (50, 101, 152, 200, 270, 350, 420)),
        *(f"ResNeXt{depth}" for depth in (50, 101)),
        "VGG16",
        "VGG19",
        "Xception",
    )
)
"""The names of the functions."""

_WITHOUT_BATCH_NORMALIZATION: Final = ("ConvNeXt", "VGG")


def holds_batch_normalization(name: str) -> bool:
    """Whether ``name`` is a model of ``keras.applications`` that contains BatchNormalization."""
    return name in APPLICATIONS and not name.startswith(_WITHOUT_BATCH_NORMALIZATION)
