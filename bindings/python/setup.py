"""Beside a built module a wheel that carries it and libkith; beside its C sources an extension for the system's libkith."""

import glob
import os
import subprocess

from setuptools import Distribution, Extension, setup


class Binary(Distribution):
    """Has a module for this Python, though nothing is compiled here."""

    def has_ext_modules(self):
        return True


def of_system(what):
    return subprocess.run(['pkg-config', what, 'kith'], stdout=subprocess.PIPE, check=True, text=True).stdout.split()


def extension():
    flags, libraries = of_system('--cflags'), of_system('--libs')
    return Extension('kith._kith', sources=['kith_wrap.c', *sorted(glob.glob('native/*.c'))], include_dirs=['native'],
                     extra_compile_args=flags, extra_link_args=libraries)


if os.path.isdir('native'):
    with open('MANIFEST.in', 'w', encoding='ascii') as manifest:
        manifest.write('include LICENSE native/*.h\n')
    setup(ext_modules=[extension()])
else:
    setup(distclass=Binary)
