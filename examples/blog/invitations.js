/** @param {{ address: string, password: string, memcached: string }} blog */
export function inviteToEdit({ address, password, memcached }) {
  return `
Slack Water is at ${address}

Applaud a few times at the foot of a page, then edit
  examples/blog/public/css/site.css    a colour, say: the page changes and keeps the count
  examples/blog/public/js/counter.js   the page loads again
  examples/blog/views/posts/           likewise

Load a page twice: its foot tells how long it took to make, and that it is stored since. Write a comment, and only that
page is made anew. Log in at ${address}/login with the password ${password}
and pages come from the app for you alone. Ask why, in another terminal:

  cd examples/blog && export ${environment(address, 'development', memcached)}
  npx static-url pages why /
  npx static-url pages list

Ctrl-C ends it.`;
}

/** @param {{ address: string, password: string, memcached: string, prefix: string, stylesheet: string }} blog */
export function inviteToNginx({ address, password, memcached, prefix, stylesheet }) {
  return `
Slack Water is at ${address}, and nginx serves its pages and static files.

Pages come from ${memcached ? 'memcached' : 'files'}, even while the app is down. Compare Cache-Status:

  stored                 curl -I ${address}/
  with a session         curl -I -H 'Cookie: session=1' ${address}/

Log in at ${address}/login with the password ${password}
edit a title, write a comment, and look at the pages:

  cd examples/blog && export ${environment(address, 'production', memcached)}
  npx static-url pages list
  npx static-url pages why /

Static files have URLs that mean their bytes. Compare Cache-Control:

  a released version     curl -I ${address}${stylesheet}
  any other version      curl -I ${address}${prefix}${'0'.repeat(16)}/css/site.css
  no version             curl -I ${address}${prefix}css/site.css

Change a file and start again: only its URL and those of what refers to it are new, and the old ones still answer.

Ctrl-C ends it.`;
}

/** @param {{ address: string, site: string, post: string, stylesheet: string }} blog */
export function inviteToSite({ address, site, post, stylesheet }) {
  return `
Slack Water is at ${address}, as a folder of files. nginx serves it, and no app is running.

  the folder             ${site}
  a page                 curl -I ${address}${post}
  its slash              curl -I ${address}${post}/
  nothing                curl -I ${address}/nothing-here
  a stylesheet           curl -I ${address}${stylesheet}
  compressed             curl -I -H 'Accept-Encoding: gzip' ${address}/

Change a post in examples/blog/views/posts/ or a file in examples/blog/public/, and export again while nginx is serving:

  cd examples/blog && export NODE_ENV=production
  npx static-url release && npx static-url export
  npx static-url site urls --files

Only what changed is written. A link that leads nowhere stops the export, and the site stays as it was.

Ctrl-C ends it.`;
}

/** @param {{ address: string, target: string, settings: string[], post: string, stylesheet: string }} site */
export function inviteToTarget({ address, target, settings, post, stylesheet }) {
  return `
Slack Water is at ${address}, as it was published. No app is running.

  a page                 curl -I ${address}${post}
  nothing                curl -I ${address}/nothing-here
  a stylesheet           curl -I ${address}${stylesheet}

Change a post in examples/blog/views/posts/ or a file in examples/blog/public/, look what is to be done, and do it:

  cd examples/blog && export ${settings.join(' ')}
  npx static-url release
  npx static-url publish ${target} --dry-run
  npx static-url publish ${target}
  npx static-url site targets

Only what changed is uploaded, pages after what they name, and each URL is asked for. Old stylesheets and scripts stay for a
while: a page that is open still names them.

Ctrl-C ends it.`;
}

/**
 * What commands need to find the store of this very blog.
 *
 * @param {string} address
 * @param {string} mode
 * @param {string} memcached
 */
function environment(address, mode, memcached) {
  const variables = `NODE_ENV=${mode} PORT=${new URL(address).port}`;
  return memcached ? `${variables} MEMCACHED=${memcached}` : variables;
}
