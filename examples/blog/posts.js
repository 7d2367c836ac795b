/**
 * What the lists show of a post; its text is `views/posts/<slug>.ejs`, its picture `public/img/<slug>.svg`.
 *
 * @typedef {object} Post
 * @property {string} slug
 * @property {string} title
 * @property {string} subject
 * @property {string} date As YYYY-MM-DD.
 * @property {string} summary
 * @property {string} picture What the picture shows.
 */

/** @type {Post[]} What the database begins with. */
export const firstPosts = [
  {
    slug: 'what-a-tide-table-promises',
    title: 'What a tide table promises',
    subject: 'Tides',
    date: '2025-10-07',
    summary:
      'A booklet by the chandler’s till knows the height of the sea next August. It manages this by never correcting itself.',
    picture: 'A tide gauge standing in layered swell under a large, low moon.',
  },
  {
    slug: 'a-new-name-for-every-change',
    title: 'A new name for every change',
    subject: 'Caching',
    date: '2025-08-19',
    summary:
      'You cannot call a file back from a cache you do not own. You can, however, stop asking for it by that name.',
    picture: 'A row of painted harbour houses and their reflections.',
  },
  {
    slug: 'the-width-of-a-line',
    title: 'The width of a line',
    subject: 'Typography',
    date: '2025-06-02',
    summary:
      'Readers, like ploughmen, have to turn round at the end of every row. On why some seventy letters make a comfortable field.',
    picture: 'A ploughed hillside, its furrows running up to a hedge and a small barn.',
  },
  {
    slug: 'the-same-walk-twice',
    title: 'The same walk twice',
    subject: 'Walking',
    date: '2025-03-23',
    summary:
      'Two miles out, two miles back, every morning for a winter. Repetition turns out to be an instrument for seeing.',
    picture: 'A path winding past pines towards distant blue hills.',
  },
];

const days = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

/**
 * @param {string} date As YYYY-MM-DD.
 * @returns {string} As people write it: 7 October 2025.
 */
export function formatDay(date) {
  return days.format(new Date(date));
}
