"""Python values as TypeScript, and the parameters that a TypeScript cell declares."""

import json
import math
import re
from numbers import Integral, Real

from papermill.exceptions import PapermillException
from papermill.models import Parameter
from papermill.translators import Translator

from .declarations import declarations

LARGEST_EXACT = 2**53 - 1
NAME = re.compile(r"[A-Za-z_$][\w$]*", re.ASCII)


class TypeScriptTranslator(Translator):
    """Bare assignments to what the parameters cell declares, so that the compiler refuses wrong types and names."""

    @classmethod
    def comment(cls, cmt_str):
        return f"// {cmt_str}".strip()

    @classmethod
    def assign(cls, name, str_val):
        if not NAME.fullmatch(name):
            raise PapermillException(f"{name!r} cannot be a parameter: it is no name in TypeScript")
        return f"{name} = {str_val};"

    @classmethod
    def translate(cls, val):
        """As papermill's own, and tuples, NumPy's numbers, dates and paths of its Python API."""
        if isinstance(val, tuple):
            return cls.translate_list(val)
        if val is None or isinstance(val, (bool, str, dict, list)):
            return super().translate(val)
        if isinstance(val, Integral):
            return cls.translate_int(int(val))
        return cls.translate_float(float(val)) if isinstance(val, Real) else cls.translate_str(str(val))

    @classmethod
    def translate_none(cls, val):
        return "null"

    @classmethod
    def translate_str(cls, val):
        # ASCII alone: line separators are no line breaks then, and half a surrogate pair stays what it is.
        return json.dumps(val, ensure_ascii=True)

    @classmethod
    def translate_int(cls, val):
        if abs(val) > LARGEST_EXACT:
            raise PapermillException(f"{val} is too large for a number of TypeScript: give it as text (-r NAME {val})")
        return str(val)

    @classmethod
    def translate_float(cls, val):
        if math.isfinite(val):
            return repr(val)
        return "NaN" if math.isnan(val) else "Infinity" if val > 0 else "-Infinity"

    @classmethod
    def translate_list(cls, val):
        return f"[{', '.join(cls.translate(each) for each in val)}]"

    @classmethod
    def translate_dict(cls, val):
        return f"{{{', '.join(f'{cls.translate_key(key)}: {cls.translate(each)}' for key, each in val.items())}}}"

    @classmethod
    def translate_key(cls, key):
        text = cls.translate_str(key if isinstance(key, str) else cls.translate(key))
        # Written plainly it would set the prototype.
        return f"[{text}]" if key == "__proto__" else text

    @classmethod
    def inspect(cls, parameters_cell):
        """What `papermill --help-notebook` shows."""
        return [Parameter(*each) for each in declarations(parameters_cell["source"])]
