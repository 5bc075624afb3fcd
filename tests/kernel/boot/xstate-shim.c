/* Preloaded into linux.uml on processors with AMX, where Debian's 6.1 kernel would panic at its first process with
 * "ptrace set fp regs failed, errno = 14".
 *
 * That kernel saves 2696 bytes of a guest process's floating-point state and restores them by PTRACE_SETREGSET; a host
 * with AMX takes its whole XSAVE area (about 11 KB) or nothing. So what is too short is padded with zeros, and the
 * components beyond it are marked as absent. No guest process can have them: the guest kernel grants none.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { NT_X86_XSTATE_SET = 0x202, PRESENT_COMPONENTS_AT = 512, LAST_KEPT_COMPONENT = 9 };

/* Static, since the callers run on small kernel stacks; one thread makes all the calls. */
static _Alignas(64) unsigned char area[64 * 1024];

static long set_whole_area(pid_t pid, const struct iovec *given)
{
	static size_t whole;
	if (whole == 0) {
		struct iovec probe = { area, sizeof area };
		if (syscall(SYS_ptrace, PTRACE_GETREGSET, pid, NT_X86_XSTATE_SET, &probe) < 0)
			return -1;
		whole = probe.iov_len;
	}
	if (given->iov_len >= whole)
		return syscall(SYS_ptrace, PTRACE_SETREGSET, pid, NT_X86_XSTATE_SET, given);

	uint64_t present;
	memset(area, 0, whole);
	memcpy(area, given->iov_base, given->iov_len);
	memcpy(&present, area + PRESENT_COMPONENTS_AT, sizeof present);
	present &= (UINT64_C(2) << LAST_KEPT_COMPONENT) - 1;
	memcpy(area + PRESENT_COMPONENTS_AT, &present, sizeof present);
	struct iovec padded = { area, whole };
	return syscall(SYS_ptrace, PTRACE_SETREGSET, pid, NT_X86_XSTATE_SET, &padded);
}

long ptrace(enum __ptrace_request request, ...)
{
	static long (*next)(int, ...);
	va_list rest;
	va_start(rest, request);
	pid_t pid = va_arg(rest, pid_t);
	void *address = va_arg(rest, void *);
	void *data = va_arg(rest, void *);
	va_end(rest);
	if (request == PTRACE_SETREGSET && (uintptr_t)address == NT_X86_XSTATE_SET)
		return set_whole_area(pid, data);
	if (!next)
		next = (long (*)(int, ...))dlsym(RTLD_NEXT, "ptrace");
	return next(request, pid, address, data);
}
