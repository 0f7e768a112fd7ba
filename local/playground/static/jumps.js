// On a phone one chat is in view; the links above say which, and lead to the others.

const gentle = matchMedia("(prefers-reduced-motion: no-preference)").matches;
const strip = document.querySelector(".chats");
const links = [...document.querySelectorAll(".jumps a")];

for (const link of links) {
  link.addEventListener("click", (click) => {
    click.preventDefault();
    const chat = document.querySelector(link.hash);
    const behavior = gentle ? "smooth" : "instant";
    chat.scrollIntoView({ behavior, block: "nearest", inline: "center" });
  });
}

const seen = new IntersectionObserver(
  (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => mark(entry.target)),
  { root: strip, threshold: 0.6 },
);
for (const chat of strip.children) seen.observe(chat);

function mark(chat) {
  for (const link of links) {
    if (link.hash === `#${chat.id}`) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}
