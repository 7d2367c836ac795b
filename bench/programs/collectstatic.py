"""Runs Django's collectstatic with manifest storage: python3 collectstatic.py <root> <target>. Prints milliseconds."""

import json
import sys
import time

import django
from django.conf import settings
from django.contrib.staticfiles.storage import HashedFilesMixin, ManifestStaticFilesStorage

root, target = sys.argv[1:]


class Storage(ManifestStaticFilesStorage):
    """Follows what stylesheets refer to; source maps, and what is not there, are left as they are."""

    patterns = (("*.css", (HashedFilesMixin.patterns[0][1][0], HashedFilesMixin.patterns[0][1][1])),)

    def hashed_name(self, name, content=None, filename=None):
        try:
            return super().hashed_name(name, content, filename)
        except ValueError:
            return name


settings.configure(
    INSTALLED_APPS=["django.contrib.staticfiles"],
    STATICFILES_DIRS=[root],
    STATICFILES_FINDERS=["django.contrib.staticfiles.finders.FileSystemFinder"],
    STATIC_ROOT=target,
    STATIC_URL="/static/",
    STORAGES={"staticfiles": {"BACKEND": "__main__.Storage"}},
)
django.setup()

from django.core.management import call_command  # noqa: E402

start = time.perf_counter()
call_command("collectstatic", interactive=False, verbosity=0)
print(json.dumps({"milliseconds": (time.perf_counter() - start) * 1000, "version": django.get_version()}))
