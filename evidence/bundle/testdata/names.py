"""Says what ../independent/verify.py makes of file names: the bytes of one on each line of input, in hexadecimal."""
import pathlib, sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "independent"))
import verify

for line in sys.stdin:
    print(verify.safe_name(bytes.fromhex(line)))
