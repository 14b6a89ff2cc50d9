from __future__ import annotations

import subprocess
import sys

KERNEL = """
import sys, tempfile, pathlib
from alvh.pricing.black76 import price
assert price(100.0, 100.0, 1.0, 0.2, False, 1.0)[0] > 0.0
assert "scipy.linalg" not in sys.modules, "a kernel brought scipy.linalg with it"
from numba.np import linalg
assert linalg.ensure_blas.__name__ == "ensure_blas", "numba's own question is not back in place"
"""


def test_a_kernel_runs_without_scipy_and_numba_keeps_its_own_question():
    done = subprocess.run([sys.executable, "-c", KERNEL], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
