/**
 * The media types of static files by extension: one table for the nginx text, equal to what the Node side gets from
 * mime-types (a test compares them). Types with a charset are sent as UTF-8 (the Encoding Standard's only choice for
 * new formats).
 */
export interface MediaType {
  readonly type: string;
  readonly extensions: readonly string[];
  /** Sent with `charset=utf-8`. */
  readonly charset: boolean;
  /** Worth compressing on the way. */
  readonly compressible: boolean;
}

const TEXT: Readonly<Record<string, string>> = {
  'application/json': 'json map',
  'application/manifest+json': 'webmanifest',
  'text/calendar': 'ics',
  'text/css': 'css',
  'text/csv': 'csv',
  'text/html': 'html htm',
  'text/javascript': 'js mjs',
  'text/markdown': 'md markdown',
  'text/plain': 'txt text log',
  'text/tab-separated-values': 'tsv',
  'text/vtt': 'vtt',
  'text/x-vcard': 'vcf',
  'text/yaml': 'yaml yml',
};

const COMPRESSIBLE: Readonly<Record<string, string>> = {
  'application/atom+xml': 'atom',
  'application/node': 'cjs',
  'application/dash+xml': 'mpd',
  'application/geo+json': 'geojson',
  'application/gpx+xml': 'gpx',
  'application/json5': 'json5',
  'application/ld+json': 'jsonld',
  'application/rss+xml': 'rss',
  'application/rtf': 'rtf',
  'application/toml': 'toml',
  'application/vnd.apple.mpegurl': 'm3u8',
  'application/vnd.google-earth.kml+xml': 'kml',
  'application/vnd.ms-fontobject': 'eot',
  'application/wasm': 'wasm',
  'application/xhtml+xml': 'xhtml',
  'application/xml': 'xml xsl',
  'application/xslt+xml': 'xslt',
  'font/otf': 'otf',
  'font/ttf': 'ttf',
  'image/bmp': 'bmp',
  'image/svg+xml': 'svg',
  'image/vnd.microsoft.icon': 'ico',
  'model/gltf+json': 'gltf',
  'model/obj': 'obj',
  'model/stl': 'stl',
};

const BINARY: Readonly<Record<string, string>> = {
  'application/epub+zip': 'epub',
  'application/gzip': 'gz',
  'application/java-archive': 'jar',
  'application/msword': 'doc',
  'application/pdf': 'pdf',
  'application/postscript': 'ai eps ps',
  'application/vnd.android.package-archive': 'apk',
  'application/vnd.google-earth.kmz': 'kmz',
  'application/vnd.mapbox-vector-tile': 'mvt',
  'application/vnd.ms-excel': 'xls',
  'application/vnd.ms-powerpoint': 'ppt',
  'application/vnd.oasis.opendocument.presentation': 'odp',
  'application/vnd.oasis.opendocument.spreadsheet': 'ods',
  'application/vnd.oasis.opendocument.text': 'odt',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'pptx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/x-7z-compressed': '7z',
  'application/x-bzip2': 'bz2',
  'application/x-tar': 'tar',
  'application/x-xz': 'xz',
  'application/zip': 'zip',
  'audio/aac': 'aac',
  'audio/midi': 'mid midi',
  'audio/mp4': 'm4a',
  'audio/mpeg': 'mp3',
  'audio/ogg': 'ogg oga opus',
  'audio/wav': 'wav',
  'audio/webm': 'weba',
  'audio/x-flac': 'flac',
  'font/collection': 'ttc',
  'font/woff': 'woff',
  'font/woff2': 'woff2',
  'image/apng': 'apng',
  'image/avif': 'avif',
  'image/gif': 'gif',
  'image/heic': 'heic',
  'image/heif': 'heif',
  'image/jpeg': 'jpg jpeg jpe',
  'image/jxl': 'jxl',
  'image/ktx2': 'ktx2',
  'image/png': 'png',
  'image/tiff': 'tif tiff',
  'image/webp': 'webp',
  'model/gltf-binary': 'glb',
  'model/vnd.usdz+zip': 'usdz',
  'video/3gpp': '3gp',
  'video/mp2t': 'ts',
  'video/mp4': 'mp4',
  'video/mpeg': 'mpeg mpg',
  'video/ogg': 'ogv',
  'video/quicktime': 'mov',
  'video/webm': 'webm',
  'video/x-m4v': 'm4v',
  'video/x-matroska': 'mkv',
  'video/x-msvideo': 'avi',
};

/** All types, sorted by name. */
export const MEDIA_TYPES: readonly MediaType[] = [
  ...entries(TEXT, true, true),
  ...entries(COMPRESSIBLE, false, true),
  ...entries(BINARY, false, false),
].toSorted((a, b) => (a.type < b.type ? -1 : 1));

function entries(
  types: Readonly<Record<string, string>>,
  charset: boolean,
  compressible: boolean,
): MediaType[] {
  return Object.entries(types).map(([type, extensions]) => ({
    type,
    extensions: extensions.split(' '),
    charset,
    compressible,
  }));
}
