// Elements without markup: whatever people typed stays text.

export function make(tag, { className = "", text = "", ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export async function ask(path, body) {
  const options = body && {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  };
  const answer = await fetch(path, options || {});
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.error?.message || value.sentence || `status ${answer.status}`);
  return value;
}

// fetch's own error: nobody was there to answer.
export const isAway = (error) => error instanceof TypeError;

// The browser may forbid storage; then nothing is remembered and all else works.
const NEAR_THE_END = 60;

export function isAtEnd(panel) {
  return panel.scrollHeight - panel.scrollTop - panel.clientHeight < NEAR_THE_END;
}

export function toEnd(panel) {
  panel.scrollTop = panel.scrollHeight;
}

export function recall(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(`playground.${name}`)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(`playground.${name}`, JSON.stringify(value));
  } catch {
    // Private windows: see above.
  }
}
