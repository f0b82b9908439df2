"use strict";
// Back to where a link to a sentence was followed, and the mentions of one entity shown together.
(function () {
  var back = document.getElementById("back");
  var left = [];
  document.addEventListener("click", function (event) {
    var link = event.target.closest ? event.target.closest("a[href^='#']") : null;
    if (link && !link.classList.contains("skip")) {
      left.push(link);
      back.hidden = false;
    }
  });
  back.addEventListener("click", function () {
    var link = left.pop();
    if (link) {
      history.replaceState(null, "", location.pathname + location.search);
      for (var shut = link.closest("details:not([open])"); shut; shut = shut.parentElement.closest("details:not([open])")) shut.open = true;
      link.scrollIntoView({ block: "center" });
      link.focus({ preventScroll: true });
    }
    back.hidden = left.length === 0;
  });
  function group(mark) {
    return document.querySelectorAll("mark[data-entity='" + mark.dataset.entity + "']");
  }
  function light(mark, on) {
    group(mark).forEach(function (other) { other.classList.toggle("same", on); });
  }
  document.addEventListener("mouseover", function (event) {
    var mark = event.target.closest ? event.target.closest("mark[data-entity]") : null;
    if (mark) light(mark, true);
  });
  document.addEventListener("mouseout", function (event) {
    var mark = event.target.closest ? event.target.closest("mark[data-entity]") : null;
    if (mark) light(mark, false);
  });
  // A click goes to the entity's next mention.
  document.addEventListener("click", function (event) {
    var mark = event.target.closest ? event.target.closest("mark[data-entity]") : null;
    if (!mark) return;
    var all = Array.prototype.slice.call(group(mark));
    var next = all[(all.indexOf(mark) + 1) % all.length];
    all.forEach(function (other) { other.classList.remove("here"); });
    next.classList.add("here");
    if (next !== mark) next.scrollIntoView({ block: "center" });
  });
  // Entity types can be hidden.
  document.querySelectorAll("input[data-type]").forEach(function (box) {
    box.addEventListener("change", function () {
      document.body.classList.toggle("no-" + box.dataset.type, !box.checked);
    });
  });
  document.body.classList.add("scripted");
})();
