"""Opens bundles as people do who have no verifier. A path on each line of input; on each of output "ok", or what is wrong.

Python's zipfile tests and unpacks the bundle; what comes out is checked as a bag by RFC 8493, whose sections are named
below, and every name by what Windows can create ("Naming Files, Paths, and Namespaces", Microsoft)."""
import hashlib, pathlib, re, sys, tempfile, zipfile

DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3]|conin\$|conout\$) *(\..*)?", re.I | re.S)


class Wrong(Exception):
    pass


def need(condition, what):
    if not condition:
        raise Wrong(what)


def check_names(names):
    need(len({name.casefold() for name in names}) == len(names), "two names are the same without case")
    for name in names:
        need(len(name) < 220, f"{name!r} is too long a path")
        for part in name.split("/"):
            need(part and part not in (".", ".."), f"{name!r} is no plain path")
            need(not re.search(r'[<>:"|?*\\\x00-\x1f]|[. ]$', part), f"Windows cannot create {part!r}")
            need(not DEVICE.fullmatch(part), f"Windows takes {part!r} for a device")


def check_manifest(bag, name, files):
    listed = {}
    for line in (bag / name).read_text("utf-8").splitlines():
        found = re.fullmatch(r"([0-9a-f]{64})[ \t]+(?:\./)?(\S.*)", line)  # 2.1.3
        need(found and found[2] not in listed, f"{name} has the line {line!r}")
        listed[found[2]] = found[1]
    need(set(listed) == files, f"{name} lists other files than there are: {set(listed) ^ files}")
    for file, digest in listed.items():
        need(hashlib.sha256((bag / file).read_bytes()).hexdigest() == digest, f"{file} has another SHA-256 than {name} says")


def check_bag(bag):
    declared = (bag / "bagit.txt").read_bytes()  # 2.1.1
    need(declared == b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n", "bagit.txt is another")
    need((bag / "data").is_dir(), "there is no payload directory")  # 2.1.2
    files = {path.relative_to(bag).as_posix() for path in bag.rglob("*") if path.is_file()}
    payload = {file for file in files if file.startswith("data/")}
    need("fetch.txt" not in files, "there is a fetch.txt")
    check_manifest(bag, "manifest-sha256.txt", payload)  # 2.1.3, 3: every payload file is listed
    check_manifest(bag, "tagmanifest-sha256.txt", files - payload - {"tagmanifest-sha256.txt"})  # 2.2.1
    info = {}
    for line in (bag / "bag-info.txt").read_text("utf-8").splitlines():  # 2.2.2
        found = re.fullmatch(r"([^\s:]+): (.*)", line)
        need(found and found[1] not in info, f"bag-info.txt has the line {line!r}")
        info[found[1]] = found[2]
    oxum = f"{sum((bag / file).stat().st_size for file in payload)}.{len(payload)}"
    need(info["Payload-Oxum"] == oxum, f"the Payload-Oxum is {info['Payload-Oxum']}, and there are {oxum}")


def check(path):
    with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as folder:
        need(archive.testzip() is None, "zipfile finds a bad member")
        names = archive.namelist()
        check_names(names)
        archive.extractall(folder)
        there = {file.relative_to(folder).as_posix() for file in pathlib.Path(folder).rglob("*") if file.is_file()}
        need(there == set(names), "it is unpacked under other names")
        (bag,) = pathlib.Path(folder).iterdir()
        check_bag(bag)


for line in sys.stdin:
    try:
        check(line.rstrip("\n"))
        print("ok", flush=True)
    except (Wrong, zipfile.BadZipFile, OSError, ValueError, KeyError) as error:
        print(repr(error), flush=True)
