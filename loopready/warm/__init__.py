"""Warm kernels: forked from a parent that has built IPython's shell and imported the stack of the week.

What asks for a kernel starts one `parent` for itself and keeps it (`start`). For each kernel the parent forks a
`guard`, which forks the kernel, ends it, and sweeps up what it leaves behind. A kernel talks Jupyter's own protocol
over sockets (`provisioner`: JupyterLab, nbval, nbconvert) or the same messages over a `line` (`execute`: grading).
"""
