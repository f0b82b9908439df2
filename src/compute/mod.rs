//! Where and how a model computes: device, precision, threads, memory, and the batches of tensors it is given.

pub mod inputs;
pub mod memory;

use std::str::FromStr;

use tch::{Cuda, Device, Kind};

/// A device or a precision that was asked for is not to be had; says what is missing and what can be done.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ComputeError(String);

/// `auto`, `cpu`, `cuda`, `cuda:N` or `mps`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DeviceChoice {
    #[default]
    Auto,
    Cpu,
    Cuda(usize),
    Mps,
}

impl FromStr for DeviceChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = || format!("'{text}' is no device; use auto, cpu, cuda, cuda:N or mps");
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

/// `auto`, `f32`, `bf16` or `f16`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PrecisionChoice {
    /// bf16 where the processor has it in hardware and the pack allows it, else f32.
    #[default]
    Auto,
    F32,
    Bf16,
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
            _ => Err(format!("'{text}' is no precision; use auto, f32, bf16 or f16")),
        }
    }
}

/// A device and precision that are there, and the number of threads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compute {
    pub device: Device,
    pub kind: Kind,
    pub threads: i32,
}

impl Compute {
    /// Turns wishes into what this machine has. `threads` of `None` leaves libtorch's own choice, which is
    /// one per core. `bf16_on_cpu` is the pack's word on whether its findings survive bfloat16.
    ///
    /// # Errors
    /// When a device that was asked for by name is not there: says what is missing.
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

    /// Why it is this precision, for a person who wonders.
    pub fn why_precision(&self, wish: PrecisionChoice, bf16_on_cpu: bool) -> &'static str {
        match (wish, self.device) {
            (PrecisionChoice::Auto, Device::Cpu) if !bf16_on_cpu => {
                "the pack does not allow bf16 on a processor"
            }
            (PrecisionChoice::Auto, Device::Cpu) if !cpu_has_bf16() => {
                "the processor has no bf16 in hardware"
            }
            (PrecisionChoice::Auto, Device::Cpu) => {
                "the processor has bf16 in hardware, and the pack allows it"
            }
            (PrecisionChoice::Auto, _) => "what a device beside the processor takes by itself",
            _ => "as asked",
        }
    }

    pub fn device_name(&self) -> String {
        match self.device {
            Device::Cpu => "cpu".into(),
            Device::Cuda(number) => format!("cuda:{number}"),
            Device::Mps => "mps".into(),
            Device::Vulkan => "vulkan".into(),
        }
    }

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
            "device mps: this libtorch has no Metal support (it is for Apple machines); the device cpu works without".into(),
        )),
        DeviceChoice::Cuda(number) => {
            let devices = if Cuda::is_available() { Cuda::device_count() as usize } else { 0 };
            if number < devices {
                return Ok(Device::Cuda(number));
            }
            let reason = match devices {
                0 => "no CUDA device can be used: either libtorch was set up without CUDA (run `make setup \
                      DEVICE=cuda` and build again), or the NVIDIA driver or the GPU is missing (`nvidia-smi` \
                      tells); the device cpu works without"
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
