/* What massho takes from libnvme's headers: the pass-through structures and ioctl numbers. */
#include <nvme/ioctl.h>

/* bindgen cannot evaluate _IOWR(), a constant it can. */
const unsigned long MASSHO_NVME_IOCTL_ID = NVME_IOCTL_ID;
const unsigned long MASSHO_NVME_IOCTL_ADMIN_CMD = NVME_IOCTL_ADMIN_CMD;
const unsigned long MASSHO_NVME_IOCTL_ADMIN64_CMD = NVME_IOCTL_ADMIN64_CMD;
const unsigned long MASSHO_NVME_IOCTL_IO_CMD = NVME_IOCTL_IO_CMD;
