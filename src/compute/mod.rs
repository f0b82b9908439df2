//! Where and how a model computes: device, precision (number format), threads, memory, and batches of tensors.

pub mod inputs;
pub mod memory;

use std::str::FromStr;

use tch::{Cuda, Device, Kind};

/// The requested device or precision is not available. The message says what is missing and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ComputeError(String);

/// The device that a user requests: `auto`, `cpu`, `cuda`, `cuda:N` or `mps`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DeviceChoice {
    /// The first CUDA device, else Apple's GPU, else the processor.
    #[default]
    Auto,
    /// The processor.
    Cpu,
    /// An NVIDIA GPU by its number; `cuda` is number 0.
    Cuda(usize),
    /// The GPU of an Apple machine, through Metal.
    Mps,
}

impl FromStr for DeviceChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = || format!("'{text}' is not a device; use auto, cpu, cuda, cuda:N or mps");
        match text {
            "auto" => Ok(Self::Auto),
            "cpu" => Ok(Self::Cpu),
            "cuda" => Ok(Self::Cuda(0)),
            "mps" => Ok(Self::Mps),
            _ => {
                let number = text.strip_prefix("cuda:").ok_or_else(known)?;
                Ok(Self::Cuda(number.parse().map_err(|_| known())?))
            }
        }
    }
}

/// The precision that a user requests: `auto`, `f32`, `bf16` or `f16`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PrecisionChoice {
    /// bf16 where the processor has it in hardware and the pack allows it, else f32.
    #[default]
    Auto,
    /// 32-bit floating point.
    F32,
    /// bfloat16.
    Bf16,
    /// 16-bit floating point; on a GPU only.
    F16,
}

impl FromStr for PrecisionChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Self::Auto),
            "f32" => Ok(Self::F32),
            "bf16" => Ok(Self::Bf16),
            "f16" => Ok(Self::F16),
            _ => Err(format!("'{text}' is not a precision; use auto, f32, bf16 or f16")),
        }
    }
}

/// An available device, a precision that it can use, and the number of threads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compute {
    /// Where tensors are.
    pub(crate) device: Device,
    /// Number format of the weights and of what is computed.
    pub(crate) kind: Kind,
    /// Threads of libtorch.
    pub threads: i32,
}

impl Compute {
    /// Finds what this machine has for a request, and sets the number of threads of libtorch. `threads` of `None`
    /// leaves libtorch's default, one per core. `bf16_on_cpu` is the pack's statement that bfloat16 leaves its findings
    /// as they are.
    ///
    /// # Errors
    /// When a requested device is not available, or f16 is requested on a processor.
    pub fn choose(
        device: DeviceChoice,
        precision: PrecisionChoice,
        threads: Option<u16>,
        bf16_on_cpu: bool,
    ) -> Result<Self, ComputeError> {
        let device = choose_device(device)?;
        let kind = match (precision, device) {
            (PrecisionChoice::F32, _) => Kind::Float,
            (PrecisionChoice::Bf16, _) => Kind::BFloat16,
            (PrecisionChoice::F16, Device::Cpu) => {
                let reason = "the precision f16 is too slow on a CPU to be of use; take bf16 or f32";
                return Err(ComputeError(reason.into()));
            }
            (PrecisionChoice::F16, _) => Kind::Half,
            (PrecisionChoice::Auto, Device::Cpu) if bf16_on_cpu && cpu_has_bf16() => Kind::BFloat16,
            (PrecisionChoice::Auto, _) => Kind::Float,
        };
        if let Some(threads) = threads {
            tch::set_num_threads(threads.into());
        }
        Ok(Self { device, kind, threads: tch::get_num_threads() })
    }

    /// The reason for the precision, to show to a user. `requested` and `bf16_on_cpu` are what [`Compute::choose`] was
    /// given.
    pub fn precision_reason(&self, requested: PrecisionChoice, bf16_on_cpu: bool) -> &'static str {
        match (requested, self.device) {
            (PrecisionChoice::Auto, Device::Cpu) if !bf16_on_cpu => {
                "the pack does not allow bf16 on a processor"
            }
            (PrecisionChoice::Auto, Device::Cpu) if !cpu_has_bf16() => {
                "the processor has no bf16 in hardware"
            }
            (PrecisionChoice::Auto, Device::Cpu) => {
                "the processor has bf16 in hardware, and the pack allows it"
            }
            (PrecisionChoice::Auto, _) => "the default on a GPU",
            _ => "as asked",
        }
    }

    /// `cpu`, `cuda:N`, `mps` or `vulkan`.
    pub fn device_name(&self) -> String {
        match self.device {
            Device::Cpu => "cpu".into(),
            Device::Cuda(number) => format!("cuda:{number}"),
            Device::Mps => "mps".into(),
            Device::Vulkan => "vulkan".into(),
        }
    }

    /// `f32`, `bf16` or `f16`.
    pub fn precision_name(&self) -> &'static str {
        match self.kind {
            Kind::BFloat16 => "bf16",
            Kind::Half => "f16",
            _ => "f32",
        }
    }
}

fn choose_device(wanted: DeviceChoice) -> Result<Device, ComputeError> {
    match wanted {
        DeviceChoice::Cpu => Ok(Device::Cpu),
        DeviceChoice::Auto if Cuda::is_available() => Ok(Device::Cuda(0)),
        DeviceChoice::Auto if tch::utils::has_mps() => Ok(Device::Mps),
        DeviceChoice::Auto => Ok(Device::Cpu),
        DeviceChoice::Mps if tch::utils::has_mps() => Ok(Device::Mps),
        DeviceChoice::Mps => Err(ComputeError(
            "device mps: this libtorch has no Metal support (it is for Apple machines); use the device cpu instead".into(),
        )),
        DeviceChoice::Cuda(number) => {
            let devices = if Cuda::is_available() { Cuda::device_count() as usize } else { 0 };
            if number < devices {
                return Ok(Device::Cuda(number));
            }
            let reason = match devices {
                0 => "no CUDA device can be used: either libtorch was set up without CUDA (run `make setup \
                      DEVICE=cuda` and build again), or the NVIDIA driver or the GPU is missing (see \
                      `nvidia-smi`); or use the device cpu instead"
                    .to_owned(),
                n => format!("there are {n} CUDA devices, the last is cuda:{}", n - 1),
            };
            Err(ComputeError(format!("device cuda:{number}: {reason}")))
        }
    }
}

/// Whether the CPU multiplies bfloat16 in hardware; emulated, it is slower than f32.
pub fn cpu_has_bf16() -> bool {
    #[cfg(target_arch = "x86_64")]
    return std::arch::is_x86_feature_detected!("avx512bf16");
    #[cfg(not(target_arch = "x86_64"))]
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_parsed() {
        assert_eq!("cuda:3".parse(), Ok(DeviceChoice::Cuda(3)));
        assert_eq!("cuda".parse(), Ok(DeviceChoice::Cuda(0)));
        for bad in ["cuda:", "cuda:x", "gpu", "", "cuda:-1"] {
            assert!(bad.parse::<DeviceChoice>().unwrap_err().contains("cuda:N"), "{bad}");
        }
    }

    #[test]
    fn precision_depends_on_device_and_pack() {
        let choose = |precision, allowed| Compute::choose(DeviceChoice::Cpu, precision, None, allowed);
        assert_eq!(choose(PrecisionChoice::Auto, false).unwrap().kind, Kind::Float);
        assert_eq!(choose(PrecisionChoice::Bf16, false).unwrap().kind, Kind::BFloat16);
        let auto = choose(PrecisionChoice::Auto, true).unwrap().kind;
        assert_eq!(auto == Kind::BFloat16, cpu_has_bf16());
        assert!(choose(PrecisionChoice::F16, true).is_err());
    }

    #[test]
    fn a_missing_device_is_an_error_that_says_what_to_do() {
        let wanted = DeviceChoice::Cuda(99);
        let error = Compute::choose(wanted, PrecisionChoice::F32, None, false).unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("cuda:99")
                && (text.contains("make setup DEVICE=cuda") || text.contains("the last is"))
        );
    }
}
