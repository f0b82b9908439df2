"use strict";
// Back to where a link to a sentence was followed, the mentions of one entity marked together, and types of entities hidden.
(function () {
  var back = document.getElementById("back");
  var left = [];
  function near(event, selector) {
    return event.target.closest ? event.target.closest(selector) : null;
  }
  function mentions(entity) {
    return Array.prototype.slice.call(document.querySelectorAll("mark[data-entity='" + entity + "']"));
  }
  function drop(name) {
    document.querySelectorAll("mark." + name).forEach(function (mark) { mark.classList.remove(name); });
  }
  // Marks every mention of an entity until something else is clicked, and the one that is gone to.
  function mark(entity, next) {
    drop("all");
    drop("here");
    mentions(entity).forEach(function (other) { other.classList.add("all"); });
    if (next) next.classList.add("here");
  }
  document.addEventListener("click", function (event) {
    var link = near(event, "a[href^='#']"), name = near(event, "mark[data-entity]");
    if (link) {
      if (!link.classList.contains("skip")) {
        left.push(link);
        back.hidden = false;
      }
      if (link.dataset.entity) mark(link.dataset.entity, mentions(link.dataset.entity)[0]);
    } else if (name) {
      var all = mentions(name.dataset.entity), next = all[(all.indexOf(name) + 1) % all.length];
      mark(name.dataset.entity, next);
      if (next !== name) next.scrollIntoView({ block: "center" });
    } else if (!near(event, "#back, input, label, summary")) {
      drop("all");
      drop("here");
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
  document.addEventListener("mouseover", function (event) {
    var name = near(event, "mark[data-entity]");
    if (name) mentions(name.dataset.entity).forEach(function (other) { other.classList.add("same"); });
  });
  document.addEventListener("mouseout", function (event) {
    if (near(event, "mark[data-entity]")) drop("same");
  });
  document.querySelectorAll("input[data-type]").forEach(function (box) {
    box.addEventListener("change", function () {
      document.body.classList.toggle("no-" + box.dataset.type, !box.checked);
      document.querySelectorAll("input[data-type='" + box.dataset.type + "']").forEach(function (other) { other.checked = box.checked; });
    });
  });
  document.body.classList.add("scripted");
})();
