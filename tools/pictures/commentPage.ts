import MarkdownIt from "markdown-it";

const style = `
  body { margin: 0; padding: 20px; background: #fff; color: #1f2328;
    font: 14px/1.5 -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, "DejaVu Sans", sans-serif; }
  .comment { border: 1px solid #d1d9e0; border-radius: 6px; }
  .author { padding: 8px 16px; background: #f6f8fa; border-bottom: 1px solid #d1d9e0; color: #59636e; border-radius: 6px 6px 0 0; }
  .author b { color: #1f2328; }
  .body { padding: 16px; }
  .body > :first-child { margin-top: 0; } .body > :last-child { margin-bottom: 0; }
  h3 { font-size: 18px; } h4 { font-size: 14px; margin: 18px 0 8px; }
  ul { padding-left: 2em; } li { margin: 3px 0; }
  code { background: #818b981f; border-radius: 6px; padding: 2px 5px; font: 85% "DejaVu Sans Mono", monospace; }
  blockquote { margin: 16px 0; padding: 4px 16px; border-left: 4px solid #9a6700; }
  .alert { color: #9a6700; font-weight: 600; margin: 4px 0; }
`;

/** A page with a summary as GitHub shows it in a comment. */
export function commentPage(summary: string): string {
  // Only GitHub's Markdown has alerts.
  const html = new MarkdownIt({ html: true })
    .render(summary)
    .replace(/<p>\[!WARNING\]\s*/g, '<p class="alert">Warning</p><p>');
  return `<!doctype html><meta charset="utf-8"><style>${style}</style><div class="comment"><div class="author"><b>github-actions</b> commented</div><div class="body">${html}</div></div>`;
}
