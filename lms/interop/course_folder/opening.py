"""Opening a course's folder or zip, with every name in it checked."""

import os
import stat
import zipfile
from functools import partial
from pathlib import Path
from typing import BinaryIO

from lms.core.phrases import Phrase
from lms.interop.course_folder.files import Tree
from lms.interop.course_folder.model import MB, Limits
from lms.interop.course_folder.problems import Problems

_LINK = Phrase("is a symbolic link; put the file itself there")


def open_tree(source: Path, limits: Limits, problems: Problems) -> Tree:
    """The files of `source`; what is wrong with it goes to `problems`. Close it after use."""
    tree = Tree(limits, problems)
    if source.is_dir():
        _add_folder(tree, source)
    elif source.is_file():
        _add_zip(tree, source)
    else:
        problems.error("", Phrase("there is no file or folder %(name)s", name=source.name))
    tree.unwrap()
    return tree


def _too_many(tree: Tree) -> bool:
    if len(tree.entries) <= tree.limits.files:
        return False
    most = f"{tree.limits.files:,}"
    tree.problems.error("", Phrase("holds more than %(most)s files; take out what is not needed", most=most))
    return True


def _add_folder(tree: Tree, root: Path) -> None:
    for folder, folders, names in os.walk(root, followlinks=False):
        here = Path(folder)
        folders.sort()
        for name in list(folders):
            if (here / name).is_symlink():
                folders.remove(name)
                tree.problems.error((here / name).relative_to(root).as_posix(), _LINK)
        if len(here.relative_to(root).parts) > tree.limits.depth:
            folders.clear()
        for name in sorted(names):
            _add_file(tree, here / name, (here / name).relative_to(root).as_posix())
            if _too_many(tree):
                return


def _add_file(tree: Tree, file: Path, name: str) -> None:
    found = file.lstat()
    if stat.S_ISLNK(found.st_mode):
        tree.problems.error(name, _LINK)
    elif not stat.S_ISREG(found.st_mode):
        tree.problems.error(name, Phrase("is not a regular file"))
    else:
        tree.add(name, found.st_size, None, partial(_file, file))


def _add_zip(tree: Tree, source: Path) -> None:
    try:
        archive = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        message = Phrase("is not a zip file, or is damaged; choose the .zip of a course folder")
        tree.problems.error("", message)
        return
    tree.close = archive.close
    members = [info for info in archive.infolist() if not info.is_dir()]
    if sum(info.file_size for info in members) > tree.limits.total:
        limit = tree.limits.total // MB
        tree.problems.error("", Phrase("unpacks to more than the limit of %(limit)s MB", limit=f"{limit:,}"))
        return
    if any(info.flag_bits & 1 for info in members):
        tree.problems.error("", Phrase("is protected with a password; make the zip without one"))
        return
    for info in members:
        # The name as it stands in the file: zipfile cuts `filename` at a NUL, which hides what follows.
        if stat.S_ISLNK(info.external_attr >> 16):
            tree.problems.error(info.filename, _LINK)
        else:
            tree.add(info.orig_filename, info.file_size, info.compress_size, partial(_member, archive, info))
        if _too_many(tree):
            return


def _file(file: Path) -> BinaryIO:
    return file.open("rb")


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> BinaryIO:
    return archive.open(info)  # type: ignore[return-value]
