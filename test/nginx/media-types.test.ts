import test from 'ava';
import mime from 'mime-types';
import { MEDIA_TYPES } from '../../src/http/media-types.ts';

test('MEDIA_TYPES gives each extension the type and charset that mime-types gives it on the Node side', (t) => {
  for (const { type, extensions, charset } of MEDIA_TYPES) {
    for (const extension of extensions) {
      t.is(mime.contentType(`file.${extension}`), charset ? `${type}; charset=utf-8` : type, extension);
    }
  }
});

test('MEDIA_TYPES names no extension twice', (t) => {
  const extensions = MEDIA_TYPES.flatMap((each) => each.extensions);
  t.deepEqual(extensions.toSorted(), [...new Set(extensions)].toSorted());
});
