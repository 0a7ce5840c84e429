"""The weights of a linear layer that also does the work of the BatchNormalization after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bnlint.readers.model.keras_objects import Live, is_keras_class
from bnlint.readers.model.norm_calls import axes_of

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[np.float64]]

# The kernel whose channels are those of the output, and the axis that they are on.
_KERNELS: Final[dict[str, tuple[tuple[str, ...], int]]] = {
    "Dense": (("kernel",), -1),
    "Conv1D": (("kernel",), -1),
    "Conv2D": (("kernel",), -1),
    "Conv3D": (("kernel",), -1),
    "Conv1DTranspose": (("kernel",), -2),
    "Conv2DTranspose": (("kernel",), -2),
    "Conv3DTranspose": (("kernel",), -2),
    "SeparableConv1D": (("pointwise_kernel",), -1),
    "SeparableConv2D": (("pointwise_kernel",), -1),
    "DepthwiseConv1D": (("kernel", "depthwise_kernel"), 0),
    "DepthwiseConv2D": (("kernel", "depthwise_kernel"), 0),
}


def fits(layer: Live, norm: Live, rank: int) -> bool:
    """Whether a layer can also do the work of the BatchNormalization directly after it.

    Args:
        layer: the live layer that computes the input of ``norm``.
        norm: the live BatchNormalization.
        rank: the rank of the tensor between them.
    """
    kind = type(layer)
    activation = getattr(getattr(layer, "activation", None), "__name__", "linear")
    if not is_keras_class(kind) or kind.__name__ not in _KERNELS or activation != "linear":
        return False
    if not hasattr(layer, "use_bias") or _kernel(layer) is None:
        return False
    if getattr(layer, "lora_enabled", False) or getattr(layer, "quantization_mode", None):
        return False
    axes = axes_of(norm)
    first = getattr(layer, "data_format", "channels_last") == "channels_first"
    return len(axes) == 1 and rank > 1 and axes[0] % rank == (1 if first else rank - 1)


def fuse_weights(layer: Live, norm: Live, twin: Live) -> None:
    """Give ``twin``, which has a bias, the weights of ``layer`` fused with ``norm``."""
    import numpy as np

    def numbers(weight: Live) -> Array:
        return np.asarray(weight.numpy(), "float64")

    factor = 1 / np.sqrt(numbers(norm.moving_variance) + float(norm.epsilon))
    if norm.gamma is not None:
        factor = factor * numbers(norm.gamma)
    bias = 0.0 if layer.bias is None else numbers(layer.bias)
    shift = (bias - numbers(norm.moving_mean)) * factor
    if norm.beta is not None:
        shift = shift + numbers(norm.beta)
    _, axis = _KERNELS[type(layer).__name__]
    kernel = numbers(_kernel(layer))
    if axis == 0:  # depthwise: its channels are those of the input times the multiplier
        scaled = kernel * factor.reshape(kernel.shape[-2:])
    else:
        scaled = kernel * (factor if axis == -1 else factor[:, None])
    for name in ("depthwise_kernel",):
        if axis != 0 and hasattr(layer, name):
            getattr(twin, name).assign(getattr(layer, name).numpy())
    _kernel(twin).assign(scaled.astype("float32"))
    twin.bias.assign(shift.astype("float32"))


def _kernel(layer: Live) -> Live:
    names, _ = _KERNELS[type(layer).__name__]
    found = (getattr(layer, name, None) for name in names)
    return next((kernel for kernel in found if hasattr(kernel, "assign")), None)
