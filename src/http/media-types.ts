import { extname } from 'node:path';
import mimeTypes from 'mime-types';

/** A media type of static files, as nginx is told of it. */
export interface MediaType {
  readonly type: string;
  readonly extensions: readonly string[];
  /** Sent with `charset=utf-8`: what mime-types says, as the Node side does. */
  readonly charset: boolean;
  /** Worth compressing on the way. */
  readonly compressible: boolean;
}

const COMPRESSIBLE = `
  atom bmp cjs css csv eot geojson gltf gpx htm html ico ics js json json5 jsonld kml log m3u8 map markdown md mjs mpd
  obj otf rss rtf stl svg text toml tsv ttf txt vcf vtt wasm webmanifest xhtml xml xsl xslt yaml yml`;

const OTHER = `
  3gp 7z aac ai apk apng avi avif bz2 doc docx eps epub flac gif glb gz heic heif jar jpe jpeg jpg jxl kmz ktx2 m4a m4v
  mid midi mkv mov mp3 mp4 mpeg mpg mvt odp ods odt oga ogg ogv opus pdf png ppt pptx ps tar tif tiff ts ttc usdz wav
  weba webm webp woff woff2 xls xlsx xz zip`;

/** The types of the extensions that sites serve, sorted by name. */
export const MEDIA_TYPES: readonly MediaType[] = [
  ...typesOf(COMPRESSIBLE, true),
  ...typesOf(OTHER, false),
].toSorted((a, b) => (a.type < b.type ? -1 : 1));

function typesOf(list: string, compressible: boolean): MediaType[] {
  const byType = new Map<string, string[]>();
  for (const extension of list.trim().split(/\s+/)) {
    const type = String(mimeTypes.lookup(extension));
    byType.set(type, [...(byType.get(type) ?? []), extension]);
  }
  return [...byType].map(([type, extensions]) => ({
    type,
    extensions,
    charset: mimeTypes.charset(type) === 'UTF-8',
    compressible,
  }));
}

/** `Content-Type` for a file of this name. */
export function contentTypeOf(name: string): string {
  const extension = extname(name);
  return (extension !== '' && mimeTypes.contentType(extension)) || 'application/octet-stream';
}
