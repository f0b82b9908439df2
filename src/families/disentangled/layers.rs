//! Building blocks of attention and encoder: linear layers, activations, layer normalization.

use rust_bert::Activation;
use tch::{
    Kind, Tensor,
    nn::{self, Init, Path},
};

use super::Generation;
use super::config::DebertaConfig;

/// A linear layer. Its variables are filled from a checkpoint later, so they are not initialized at random.
pub fn linear(path: Path, from: i64, to: i64, bias: bool) -> nn::Linear {
    let config = nn::LinearConfig { ws_init: Init::Const(0.), bs_init: Some(Init::Const(0.)), bias };
    nn::linear(path, from, to, config)
}

/// Applies an activation by libtorch's own function. In low precision it rounds once, rust-bert's functions several times.
pub fn activate(act: Activation, x: &Tensor) -> Tensor {
    match act {
        Activation::gelu => x.gelu("none"),
        Activation::gelu_new => x.gelu("tanh"),
        Activation::relu => x.relu(),
        Activation::swish => x.silu(),
        Activation::mish => x.mish(),
        Activation::tanh => x.tanh(),
        Activation::identity => x.shallow_clone(),
    }
}

/// Layer normalization (Ba et al. 2016).
pub struct DebertaNorm {
    weight: Tensor,
    bias: Tensor,
    epsilon: f64,
    generation: Generation,
}

impl DebertaNorm {
    /// A norm whose variables are under `path`.
    pub fn new(path: Path, config: &DebertaConfig) -> Self {
        Self {
            weight: path.var("weight", &[config.hidden_size], Init::Const(1.)),
            bias: path.var("bias", &[config.hidden_size], Init::Const(0.)),
            epsilon: config.layer_norm_eps,
            generation: config.generation,
        }
    }

    /// Normalizes each vector.
    pub fn forward(&self, x: &Tensor) -> Tensor {
        match self.generation {
            // The first generation converts to low precision before it multiplies by the weights, not after.
            Generation::First => {
                let normed = x.to_kind(Kind::Float).layer_norm(
                    self.weight.size(),
                    None::<&Tensor>,
                    None,
                    self.epsilon,
                    false,
                );
                normed.to_kind(x.kind()) * &self.weight + &self.bias
            }
            Generation::Second => {
                x.layer_norm(self.weight.size(), Some(&self.weight), Some(&self.bias), self.epsilon, false)
            }
        }
    }
}
