"""Has ../independent/verify.py judge many bundles: a command line on each line of input, an outcome on each of output.

It starts the command openssl for one signature in a hundred only. The others are checked by the library that the command
uses, in this process, where Python has it; the two must agree."""
import ctypes, functools, itertools, pathlib, shlex, sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "independent"))
import verify


def library():
    """The functions of OpenSSL that Python itself uses for hashes, or None."""
    try:
        import _hashlib
        crypto = ctypes.CDLL(_hashlib.__file__)
        for name in "EVP_PKEY_new_raw_public_key", "EVP_MD_CTX_new":
            getattr(crypto, name).restype = ctypes.c_void_p
        crypto.EVP_DigestVerify
    except (ImportError, AttributeError, OSError):
        return None
    return crypto


def good_by(crypto, key, text, signature):
    of, context = crypto.EVP_PKEY_new_raw_public_key(1087, None, key.raw[1:], 32), crypto.EVP_MD_CTX_new()  # 1087: Ed25519
    try:
        return of is not None and crypto.EVP_DigestVerifyInit(
            ctypes.c_void_p(context), None, None, None, ctypes.c_void_p(of)) == 1 and crypto.EVP_DigestVerify(
            ctypes.c_void_p(context), signature, ctypes.c_size_t(len(signature)), text, ctypes.c_size_t(len(text))) == 1
    finally:
        crypto.EVP_MD_CTX_free(ctypes.c_void_p(context))
        crypto.EVP_PKEY_free(ctypes.c_void_p(of))


crypto, by_command, turns = library(), verify.good, itertools.count()


@functools.lru_cache(maxsize=1 << 16)
def good(key, text, signature):
    if crypto is None or next(turns) % 100 == 0:
        found = by_command(key, text, signature)
        assert crypto is None or found == good_by(crypto, key, text, signature), (key, text, signature)
        return found
    return good_by(crypto, key, text, signature)


verify.good = good
verify.read = functools.lru_cache(maxsize=1 << 16)(verify.read)  # most mutations leave most lines as they are
for line in sys.stdin:
    print(verify.judge(shlex.split(line)), flush=True)
