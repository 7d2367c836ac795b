"""Exports the same pages as django-distill does it: python3 export-distill.py <order>. Prints what it took.

For each set of parameters of each route: the URL by reverse(), a request of RequestFactory with a stand-in for the session,
the view called without middleware, its answer written to the folder. With --parallel-render: in that many threads.
"""

import json
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import django
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import path, reverse

order = json.loads(sys.argv[1])
count = order["pages"]
out = Path(order["out"])
before, after = Path(order["template"]).read_text().split("{{links}}")


def slug_of(number):
    return f"note-{number % count:06}"


def link(slug):
    return f'<a href="/notes/{slug}/">{slug}</a>'


def note(request, slug):
    number = int(slug.removeprefix("note-"))
    return HttpResponse(before + link(slug_of(number - 1)) + link(slug_of(number + 1)) + after)


urlpatterns = [path("notes/<str:slug>/", note, name="note")]
settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="of a bench")
django.setup()


def render(params):
    uri = reverse("note", kwargs=params)
    request = RequestFactory().get(uri)
    request.session = {}
    response = note(request, **params)
    if response.status_code != 200:
        raise RuntimeError(f"{uri} was answered with {response.status_code}.")
    file = out / uri.lstrip("/") / "index.html"
    if not file.parent.is_dir():
        file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(response.content)


start = time.perf_counter()
all_params = [{"slug": slug_of(number)} for number in range(count)]
if order["concurrency"] == 1:
    for each in all_params:
        render(each)
else:
    with ThreadPoolExecutor(max_workers=order["concurrency"]) as executor:
        for _ in executor.map(render, all_params):
            pass
milliseconds = (time.perf_counter() - start) * 1000
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({"milliseconds": milliseconds, "rendered": count, "peakBytes": peak}))
