// The frame of every page: one menu open at a time, closed by Escape or a click elsewhere.
const menus = [...document.querySelectorAll("details.menu")];

function close(except) {
  for (const menu of menus) if (menu !== except) menu.open = false;
}

document.addEventListener("click", (event) => close(event.target.closest("details.menu")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = menus.find((menu) => menu.open);
  close();
  open?.querySelector("summary").focus();
});
